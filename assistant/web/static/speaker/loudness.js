/** The media element's volume: what the listener has set, less in the background, and always reached by fading. */

import { BACKGROUND } from "./mix.js";

const STEP_MS = 25;
const FADE_MS = 200;

export class Loudness {
  volume = 60;
  #behind = false;
  #timer = 0;

  /** @param {HTMLMediaElement} media */
  constructor(media) {
    this.media = media;
    media.volume = this.#target();
  }

  /** @param {number} volume in percent */
  set(volume) {
    this.volume = Math.round(Math.min(100, Math.max(0, volume)));
    this.#fadeTo(this.#target(), FADE_MS);
  }

  /** Into the background, or out of it. @param {boolean} behind */
  duck(behind) {
    if (behind === this.#behind) return;
    this.#behind = behind;
    this.#fadeTo(this.#target(), FADE_MS);
  }

  /** Into silence. @param {number} ms */
  fadeOut(ms) {
    this.#fadeTo(0, ms);
  }

  /** Back at once, for whatever plays next. */
  restore() {
    clearInterval(this.#timer);
    this.media.volume = this.#target();
  }

  #target() {
    return (this.volume / 100) * (this.#behind ? BACKGROUND : 1);
  }

  /** @param {number} target @param {number} ms */
  #fadeTo(target, ms) {
    clearInterval(this.#timer);
    let left = Math.ceil(ms / STEP_MS);
    const step = (target - this.media.volume) / left;
    this.#timer = setInterval(() => {
      left -= 1;
      this.media.volume = left > 0 ? Math.min(1, Math.max(0, this.media.volume + step)) : target;
      if (left <= 0) clearInterval(this.#timer);
    }, STEP_MS);
  }
}
