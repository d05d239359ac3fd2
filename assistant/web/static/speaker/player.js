/**
 * The player: obeys directives and reports what its media element really does.
 *
 * One element plays sound and film alike, so that a browser which wants a tap before the first sound asks once.
 *
 * @typedef {"empty" | "loading" | "playing" | "paused" | "blocked" | "stopped" | "ended" | "failed"} Playback
 *   what is shown; `blocked` waits for a tap and is reported as paused
 */

import { Arrangement, pick } from "./arrangement.js";
import { freshLink } from "./links.js";
import { announce, showPlaying } from "./media-keys.js";
import { ended, endOf, linked, next, sought, start } from "./playlist.js";
import { SILENT } from "./report.js";

const REPORT_EVERY_MS = 5_000;
const LOOK_EVERY_MS = 1_000;
const START_WITHIN_MS = 15_000;
/** What fails again within this of where a fresh link was asked for is not the link's fault. */
const SAME_PLACE_MS = 1_000;
/** Who falls asleep is not to be woken by the silence. */
const SLEEP_FADE_MS = 5_000;

/** @type {Record<Playback, import("./types.js").PlayerReport["state"]>} */
const REPORTED = {
  empty: "stopped", loading: "paused", playing: "playing", paused: "paused", blocked: "paused", stopped: "stopped",
  ended: "ended", failed: "failed",
};

export class Player {
  /** @type {Playback} */
  playback = "empty";
  /** @type {string | null} the request whose directive brought about the present state */
  #cause = null;
  /** Where what is loaded begins or has come to, in milliseconds. */
  #from = 0;
  #late = 0;
  /** Where what is loaded was last given a fresh link, in milliseconds. @type {number | null} */
  #renewedAt = null;
  /** @type {{item: string, ms: number} | null} where an item is to begin that the listener is asking for */
  #wish = null;
  #behind = false;

  /**
   * @param {HTMLVideoElement} media
   * @param {(report: import("./types.js").PlayerReport) => void} onReport on each change and every 5 s while playing
   * @param {() => void} onChange something to be shown has changed
   */
  constructor(media, onReport, onChange) {
    this.media = media;
    this.onReport = onReport;
    this.onChange = onChange;
    this.arranged = new Arrangement(media);
    media.addEventListener("loadedmetadata", () => (media.currentTime = this.#from / 1000));
    media.addEventListener("playing", () => this.#onPlaying());
    media.addEventListener("pause", () => this.#onPause());
    media.addEventListener("ended", () => this.#onEnded());
    media.addEventListener("error", () => media.hasAttribute("src") && this.#renew());
    media.addEventListener("timeupdate", () => this.#onTime());
    media.addEventListener("durationchange", onChange);
    setInterval(() => this.playback === "playing" && this.#report(), REPORT_EVERY_MS);
    setInterval(() => this.#look(), LOOK_EVERY_MS);
  }

  /** @param {import("./types.js").Directive[]} directives @param {string} request */
  obey(directives, request) {
    for (const directive of directives) {
      this.#cause = request;
      this.#carryOut(directive);
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
    this.#cause = null;
    this.#seek(ms);
  }

  /** @param {number} ms from here, back where it is negative */
  skip(ms) {
    this.seek(this.position + ms);
  }

  /** @param {import("./types.js").Setting} setting */
  arrange(setting) {
    this.#cause = null;
    this.#arrange(setting);
  }

  /** Begin an item there when it is played next, unless another one is. @param {string} item @param {number} ms */
  beginAt(item, ms) {
    this.#wish = { item, ms };
  }

  /** Into the background, or out of it. @param {boolean} behind */
  duck(behind) {
    const begins = behind && !this.#behind;
    this.#behind = behind;
    this.arranged.loudness.duck(behind);
    if (begins && this.playback === "playing") this.#report(); // what is being said is about this very place
  }

  /** What is loaded, or was last. @returns {import("./types.js").Play | null} */
  get item() {
    return this.arranged.list.current?.play ?? null;
  }

  /** Whether it plays, or will as soon as it can. */
  get sounds() {
    return this.playback === "playing" || this.playback === "loading";
  }

  get position() {
    if (!this.item) return 0;
    return this.media.readyState ? Math.round(this.media.currentTime * 1000) : this.#from;
  }

  /** Milliseconds, or null while it is not known. */
  get duration() {
    return this.item && Number.isFinite(this.media.duration) ? Math.round(this.media.duration * 1000) : null;
  }

  /** @param {import("./types.js").Directive} directive */
  #carryOut(directive) {
    switch (directive.type) {
      case "play":
        this.arranged.sleep.leaveItem();
        return this.#load(start(this.arranged.list, this.#wished(directive)));
      case "resume":
        return this.#resume();
      case "pause":
        return this.#halt("paused");
      case "stop":
        return this.#halt("stopped");
      case "next":
        return this.#follow(next(this.arranged.list, pick)) || this.#report();
      case "seek":
        return this.#seek(directive.position_ms);
      default:
        return this.#arrange(directive);
    }
  }

  /** @param {import("./types.js").Play} play @returns {import("./types.js").Play} */
  #wished(play) {
    const wish = this.#wish;
    this.#wish = null;
    return wish?.item === play.item ? { ...play, begin_ms: wish.ms } : play;
  }

  /** @param {import("./types.js").Setting} setting */
  #arrange(setting) {
    this.arranged.set(setting);
    this.#report();
  }

  /** @param {import("./playlist.js").Playlist} list @param {number} [from] */
  #load(list, from) {
    this.arranged.list = list;
    this.arranged.at(from ?? null);
    const { item, media } = this;
    if (!item) return;
    this.#from = from ?? item.begin_ms ?? 0;
    this.#renewedAt = null;
    media.src = item.url;
    media.poster = item.medium === "video" ? (item.image_url ?? "") : "";
    announce(item, this);
    this.playback = "loading";
    this.#start();
  }

  /** Go on with what follows. @param {import("./playlist.js").Playlist} following @returns {boolean} whether anything does */
  #follow(following) {
    if (following.current) this.#load(following);
    return following.current !== null;
  }

  #resume() {
    if (!this.item) return this.#report();
    if (this.playback === "failed") return this.#load(this.arranged.list, this.position); // it is fetched again
    if (this.playback === "ended") this.media.currentTime = (this.item.begin_ms ?? 0) / 1000;
    this.#start();
  }

  /** @param {number} ms */
  #seek(ms) {
    const { current } = this.arranged.list;
    if (!current) return this.#report();
    const { play, position } = sought(current.play, ms, this.duration);
    this.arranged.list = { ...this.arranged.list, current: { ...current, play } };
    this.#from = position;
    this.arranged.at(position);
    if (this.media.readyState) this.media.currentTime = position / 1000;
    if (this.playback === "ended") this.playback = "paused"; // it goes on from there
    this.#report();
  }

  #start() {
    if (this.playback === "playing" && !this.media.paused) return this.#report();
    this.playback = "loading";
    this.onChange();
    clearTimeout(this.#late);
    this.#late = setTimeout(() => this.#giveUp(), START_WITHIN_MS);
    this.media.play().catch((error) => {
      if (error.name === "NotAllowedError") this.#become("blocked");
      // What is not supported has an error event of its own.
      else if (error.name !== "AbortError" && error.name !== "NotSupportedError") this.#become("failed");
    });
  }

  /** The link may have expired while nobody listened: with a fresh one it goes on where it was. */
  async #renew() {
    const { arranged, media, position } = this;
    const inVain = this.#renewedAt !== null && Math.abs(position - this.#renewedAt) < SAME_PLACE_MS;
    if (!this.item || inVain) return this.#become("failed");
    this.#renewedAt = position;
    if (this.sounds) this.playback = "loading"; // so that the pause between two sources is nobody's
    const before = media.src;
    const url = await freshLink(this.item.item);
    if (media.src !== before) return; // something else was loaded meanwhile
    if (!url) return this.#become("failed");
    this.#from = position;
    arranged.list = linked(arranged.list, url);
    media.src = url;
    if (this.sounds) this.#start();
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
    if (this.media.readyState) this.#from = this.position;
    this.onChange();
    if (this.arranged.at(this.position)) this.#report();
    const end = this.item && endOf(this.item);
    if (!end || this.playback !== "playing" || this.position < end) return;
    this.playback = "ended"; // so that this pause is nobody's
    this.media.pause();
    this.#onEnded();
  }

  #onPlaying() {
    if (this.media.paused || this.playback === "playing") return; // Halted since, or it goes on after a seek.
    if (this.playback !== "loading") this.#cause = null; // A key of the device started it.
    this.#become("playing");
  }

  #onEnded() {
    this.#cause = null;
    const asleep = this.arranged.sleep.takesEffect(Date.now(), true);
    this.#become("ended");
    if (!asleep) this.#follow(ended(this.arranged.list, pick));
  }

  /** Whether the sleep timer is due; what it still has is shown. */
  #look() {
    const { sleep, loudness } = this.arranged;
    if (!sleep.takesEffect(Date.now())) return sleep.state(Date.now()) && this.onChange();
    if (!this.sounds) return this.#report();
    loudness.fadeOut(SLEEP_FADE_MS);
    setTimeout(() => this.#fallAsleep(), SLEEP_FADE_MS);
  }

  #fallAsleep() {
    this.#cause = null;
    if (this.sounds) this.#halt("paused");
    this.arranged.loudness.restore();
  }

  /** @param {Playback} playback */
  #become(playback) {
    clearTimeout(this.#late);
    this.playback = playback;
    showPlaying(playback === "playing");
    this.#report();
  }

  #report() {
    this.onChange();
    this.onReport(this.report);
  }

  /** What the service is told. @returns {import("./types.js").PlayerReport} */
  get report() {
    return {
      ...SILENT,
      ...this.arranged.report,
      state: REPORTED[this.playback],
      item: this.item?.item ?? null,
      position_ms: this.position,
      ends_at_ms: this.item ? (endOf(this.item) ?? this.duration) : null,
      dialog_request_id: this.#cause,
    };
  }
}
