/**
 * The player: obeys directives and reports what its media element really does.
 *
 * One element plays sound and film alike, so that a browser which wants a tap before the first sound asks once.
 *
 * @typedef {"empty" | "loading" | "playing" | "paused" | "blocked" | "stopped" | "ended" | "failed"} Playback
 *   what is shown; `blocked` waits for a tap and is reported as paused
 */

import { BACKGROUND } from "./mix.js";

const REPORT_EVERY_MS = 5_000;
const START_WITHIN_MS = 15_000;
const FADE_STEPS = 8;
const FADE_STEP_MS = 25;

/** @type {Record<Playback, import("./types.js").PlayerReport["state"]>} */
const REPORTED = {
  empty: "stopped", loading: "paused", playing: "playing", paused: "paused", blocked: "paused", stopped: "stopped",
  ended: "ended", failed: "failed",
};

export class Player {
  /** @type {import("./types.js").Play | null} */
  item = null;
  /** @type {Playback} */
  playback = "empty";
  volume = 60;
  /** @type {string | null} the request whose directive brought about the present state */
  #cause = null;
  #behind = false;
  #late = 0;
  #fade = 0;

  /**
   * @param {HTMLVideoElement} media
   * @param {(report: import("./types.js").PlayerReport) => void} onReport on each change and every 5 s while playing
   * @param {() => void} onChange something to be shown has changed
   */
  constructor(media, onReport, onChange) {
    this.media = media;
    this.onReport = onReport;
    this.onChange = onChange;
    media.volume = this.volume / 100;
    media.addEventListener("loadedmetadata", () => this.#toBeginning());
    media.addEventListener("playing", () => this.#onPlaying());
    media.addEventListener("pause", () => this.#onPause());
    media.addEventListener("ended", () => this.#onEnded());
    media.addEventListener("error", () => media.hasAttribute("src") && this.#become("failed"));
    media.addEventListener("timeupdate", () => this.#onTime());
    media.addEventListener("durationchange", onChange);
    setInterval(() => this.playback === "playing" && this.#report(), REPORT_EVERY_MS);
  }

  /** @param {import("./types.js").Directive[]} directives @param {string} request */
  obey(directives, request) {
    for (const directive of directives) {
      this.#cause = request;
      if (directive.type === "play") this.#load(directive);
      else if (directive.type === "volume") this.#setVolume(directive.volume);
      else if (directive.type === "resume") this.#resume();
      else this.#halt(directive.type === "pause" ? "paused" : "stopped");
    }
  }

  // What the listener does with the controls

  toggle() {
    this.#cause = null;
    if (this.sounds) this.#halt("paused");
    else this.#resume();
  }

  stop() {
    this.#cause = null;
    this.#halt("stopped");
  }

  /** @param {number} ms from the item's beginning */
  seek(ms) {
    if (!this.item || !Number.isFinite(this.media.duration)) return;
    this.#cause = null;
    this.media.currentTime = ms / 1000;
    this.#report();
  }

  /** @param {number} volume in percent */
  changeVolume(volume) {
    this.#cause = null;
    this.#setVolume(volume);
  }

  /** Into the background, or out of it. @param {boolean} behind */
  duck(behind) {
    if (behind === this.#behind) return;
    this.#behind = behind;
    this.#fadeTo(this.#target());
  }

  /** Whether it plays, or will as soon as it can. */
  get sounds() {
    return this.playback === "playing" || this.playback === "loading";
  }

  get position() {
    return this.item ? Math.round(this.media.currentTime * 1000) : 0;
  }

  /** Milliseconds, or null while it is not known. */
  get duration() {
    return this.item && Number.isFinite(this.media.duration) ? Math.round(this.media.duration * 1000) : null;
  }

  /** @param {import("./types.js").Play} item */
  #load(item) {
    this.item = item;
    const { media } = this;
    media.src = item.url;
    media.poster = item.medium === "video" ? (item.image_url ?? "") : "";
    this.#announce(item);
    this.#start();
  }

  #resume() {
    if (!this.item) return this.#report();
    // What failed is fetched again; what reached the end of its excerpt begins again.
    if (this.playback === "failed") return this.#load({ ...this.item, begin_ms: this.position || this.item.begin_ms });
    if (this.playback === "ended") this.#toBeginning();
    this.#start();
  }

  #toBeginning() {
    this.media.currentTime = (this.item?.begin_ms ?? 0) / 1000;
  }

  #start() {
    if (this.playback === "playing" && !this.media.paused) return this.#report();
    this.playback = "loading";
    this.onChange();
    clearTimeout(this.#late);
    this.#late = setTimeout(() => this.#giveUp(), START_WITHIN_MS);
    this.media.play().catch((error) => {
      if (error.name === "NotAllowedError") this.#become("blocked");
      else if (error.name !== "AbortError") this.#become("failed");
    });
  }

  #giveUp() {
    this.#become("failed");
    this.media.pause();
  }

  /** @param {"paused" | "stopped"} playback */
  #halt(playback) {
    if (!this.item) return this.#report();
    this.#become(playback);
    this.media.pause();
  }

  #onPause() {
    if (this.media.ended || this.playback !== "playing") return;
    this.#cause = null; // The browser or a key of the device paused it.
    this.#become("paused");
  }

  #onTime() {
    const { item } = this;
    this.onChange();
    if (!item?.duration_ms || this.playback !== "playing") return;
    if (this.position < (item.begin_ms ?? 0) + item.duration_ms) return;
    this.#onEnded();
    this.media.pause();
  }

  #onPlaying() {
    if (this.media.paused || this.playback === "playing") return; // Halted since, or it goes on after a seek.
    if (this.playback !== "loading") this.#cause = null; // A key of the device started it.
    this.#become("playing");
  }

  #onEnded() {
    this.#cause = null;
    this.#become("ended");
  }

  /** @param {Playback} playback */
  #become(playback) {
    clearTimeout(this.#late);
    this.playback = playback;
    if (navigator.mediaSession) navigator.mediaSession.playbackState = playback === "playing" ? "playing" : "paused";
    this.#report();
  }

  #report() {
    this.onChange();
    this.onReport({
      state: REPORTED[this.playback],
      item: this.item?.item ?? null,
      position_ms: this.position,
      volume: this.volume,
      dialog_request_id: this.#cause,
    });
  }

  /** @param {number} volume */
  #setVolume(volume) {
    this.volume = Math.round(Math.min(100, Math.max(0, volume)));
    this.#fadeTo(this.#target());
    this.#report();
  }

  #target() {
    return (this.volume / 100) * (this.#behind ? BACKGROUND : 1);
  }

  /** @param {number} target */
  #fadeTo(target) {
    clearInterval(this.#fade);
    const step = (target - this.media.volume) / FADE_STEPS;
    let left = FADE_STEPS;
    this.#fade = setInterval(() => {
      left -= 1;
      this.media.volume = left > 0 ? Math.min(1, Math.max(0, this.media.volume + step)) : target;
      if (left <= 0) clearInterval(this.#fade);
    }, FADE_STEP_MS);
  }

  /** Tells the system's own media keys and lock screen. @param {import("./types.js").Play} item */
  #announce(item) {
    if (!navigator.mediaSession) return;
    const artwork = item.image_url ? [{ src: new URL(item.image_url, location.href).href }] : [];
    navigator.mediaSession.metadata = new MediaMetadata({ title: item.title, artist: item.creator ?? "", artwork });
    navigator.mediaSession.setActionHandler("play", () => this.toggle());
    navigator.mediaSession.setActionHandler("pause", () => this.toggle());
    navigator.mediaSession.setActionHandler("stop", () => this.stop());
  }
}
