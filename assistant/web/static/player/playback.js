/**
 * The media element: plays, keeps its place, and goes on there with a fresh link when the one it has no longer works.
 *
 * @typedef {"idle" | "waiting" | "playing" | "paused" | "ended" | "failed"} State
 */

import { Problem } from "./service.js";

/** A link that ends so soon is replaced before playing begins. */
const MARGIN_MS = 10_000;

const unplayable = () => new Problem("playback_failed", "This could not be played.");

export class Playback extends EventTarget {
  /** @type {State} */
  state = "idle";
  /** @type {Problem | null} what it failed for */
  problem = null;
  /** @type {import("./item.js").Recording | null} */
  #recording = null;
  /** Where to begin once the recording can be read; null while the element itself knows. @type {number | null} */
  #pending = null;
  #duration = 0;
  #going = false;
  /** Whether the present link is a fresh one that has given nothing yet: if it fails too, that is a real failure. */
  #fresh = false;
  #speed = 1;

  /**
   * @param {HTMLMediaElement} media
   * @param {() => Promise<import("./item.js").Recording>} renew gives a fresh link
   */
  constructor(media, renew) {
    super();
    this.media = media;
    this.renew = renew;
    const on = (/** @type {string} */ name, /** @type {() => void} */ then) => media.addEventListener(name, then);
    on("loadedmetadata", () => this.#arrive());
    on("loadeddata", () => (this.#fresh = false));
    on("playing", () => this.#become("playing"));
    on("waiting", () => this.#going && this.#become("waiting"));
    on("pause", () => !media.ended && this.#pending === null && this.#stop("paused"));
    on("ended", () => this.#stop("ended"));
    on("timeupdate", () => this.#tell("time"));
    on("seeking", () => this.#tell("time"));
    on("volumechange", () => this.#tell("change"));
    on("error", () => media.getAttribute("src") && this.#broke());
  }

  /** Milliseconds. */
  get position() {
    return this.#pending ?? Math.round(this.media.currentTime * 1000);
  }

  /** Milliseconds; what the service said, until the recording itself is known. */
  get duration() {
    return Number.isFinite(this.media.duration) ? Math.round(this.media.duration * 1000) : this.#duration;
  }

  /** Whether it plays, or will as soon as it can. */
  get going() {
    return this.#going;
  }

  /** @param {number} speed */
  set speed(speed) {
    this.#speed = speed;
    this.media.defaultPlaybackRate = speed;
    this.media.playbackRate = speed;
  }

  /** @param {import("./item.js").Recording | null} recording @param {number} duration @param {number} position */
  load(recording, duration, position) {
    this.#going = this.#fresh = false;
    this.#duration = duration;
    this.#use(recording, position);
    this.problem = recording ? null : new Problem("no_recording", "There is no recording of this.");
    this.#become(recording ? "idle" : "failed");
  }

  async play() {
    if (!this.#recording) return;
    if (this.state === "ended") this.seek(0);
    this.#going = true;
    this.#become("waiting");
    const { expires } = this.#recording;
    if (this.problem || (expires !== null && Date.now() > expires - MARGIN_MS)) return this.#goOn();
    await this.#start();
  }

  pause() {
    this.media.pause();
    this.#stop("paused");
  }

  /** @param {number} position milliseconds; kept within the recording */
  seek(position) {
    const place = Math.max(0, this.duration ? Math.min(position, this.duration) : position);
    if (this.media.readyState === HTMLMediaElement.HAVE_NOTHING) this.#pending = place;
    else this.media.currentTime = place / 1000;
    if (this.state === "ended") this.#become("paused");
    this.#tell("time");
  }

  async #start() {
    try {
      await this.media.play();
    } catch (error) {
      // Whoever asks without a gesture of the user is refused: it waits for one. Broken links come as `error`.
      if (error instanceof DOMException && error.name === "NotAllowedError") this.#stop("paused");
    }
  }

  #broke() {
    if (this.#fresh) this.#fail(unplayable(), this.position);
    else this.#goOn();
  }

  /** Where it was, with a fresh link. */
  async #goOn() {
    const [place, broken] = [this.position, this.#recording];
    try {
      const recording = await this.renew();
      if (this.#recording !== broken) return; // something else was loaded meanwhile
      this.#use(recording, place);
      this.#fresh = true;
      this.problem = null;
      if (this.#going) await this.#start();
    } catch (error) {
      if (this.#recording === broken) this.#fail(error instanceof Problem ? error : unplayable(), place);
    }
  }

  /** @param {Problem} problem @param {number} place */
  #fail(problem, place) {
    this.problem = problem;
    this.#pending = place;
    if (problem.code === "offline") addEventListener("online", () => this.#going && this.play(), { once: true });
    else this.#going = false;
    this.#become("failed");
  }

  /** @param {import("./item.js").Recording | null} recording @param {number} position */
  #use(recording, position) {
    this.#recording = recording;
    this.#pending = position;
    if (recording) this.media.src = recording.url;
    else {
      this.media.removeAttribute("src");
      this.media.load(); // or what was there would play on
    }
    this.media.playbackRate = this.#speed;
  }

  #arrive() {
    if (this.#pending !== null) this.media.currentTime = this.#pending / 1000;
    this.#pending = null;
    this.#tell("time");
  }

  /** @param {"paused" | "ended"} state */
  #stop(state) {
    this.#going = false;
    if (this.state !== "failed") this.#become(state);
  }

  /** @param {State} state */
  #become(state) {
    if (state === this.state) return;
    this.state = state;
    this.#tell("change");
  }

  /** @param {"time" | "change"} what */
  #tell(what) {
    this.dispatchEvent(new Event(what));
  }
}
