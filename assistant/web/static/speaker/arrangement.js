/** What a listener has arranged beside what sounds now: the list, how loud and how fast, and until when. */

import { Loudness } from "./loudness.js";
import { EMPTY, enqueue, shuffled } from "./playlist.js";
import { SleepTimer, visitStorage } from "./sleep-timer.js";

/** @param {number} below */
export const pick = (below) => Math.floor(Math.random() * below);

export class Arrangement {
  list = EMPTY;
  speed = 1;
  /** The part that the present speed is for, and the speed after it. @type {(import("./types.js").Part & {after: number}) | null} */
  #part = null;
  sleep = new SleepTimer(visitStorage(), Date.now());

  /** @param {HTMLMediaElement} media */
  constructor(media) {
    this.media = media;
    this.loudness = new Loudness(media);
  }

  /** @param {import("./types.js").Setting} setting */
  set(setting) {
    if (setting.type === "volume") this.loudness.set(setting.volume);
    else if (setting.type === "speed") this.#setSpeed(setting.speed, setting.within ?? null);
    else if (setting.type === "repeat") this.list = { ...this.list, repeat: setting.repeat };
    else if (setting.type === "shuffle") this.list = shuffled(this.list, setting.shuffle, pick);
    else if (setting.type === "queue") this.list = enqueue(this.list, setting.items, setting.place ?? "last", pick);
    else if (setting.type === "sleep") this.sleep.set(setting.sleep, Date.now());
  }

  /** How it stands, as it is reported. */
  get report() {
    return {
      volume: this.loudness.volume,
      speed: this.speed,
      repeat: this.list.repeat,
      shuffle: this.list.shuffle,
      queue: this.list.queue.map(({ play }) => play.item),
      sleep: this.sleep.state(Date.now()),
    };
  }

  /**
   * Where the player is now, in milliseconds; null in another item than before.
   * @param {number | null} position
   * @returns {boolean} whether that has brought back the speed from before a part
   */
  at(position) {
    const part = this.#part;
    if (!part || (position !== null && position >= part.begin_ms && position < part.end_ms)) return false;
    this.#setSpeed(part.after, null);
    return true;
  }

  /** @param {number} speed @param {import("./types.js").Part | null} within the part that alone is played so */
  #setSpeed(speed, within) {
    this.#part = within && { ...within, after: this.#part?.after ?? this.speed };
    this.speed = speed;
    this.media.defaultPlaybackRate = speed; // for what is loaded later
    this.media.playbackRate = speed;
  }
}
