/** Finds a phrase in 16 kHz samples: features, network and tracker in a row (voice/wake/spotter.py). */

import { FRAME_OFFSET, Features, HOP } from "./features.js";
import { NetworkStream } from "./network.js";
import { Tracker } from "./tracker.js";

/**
 * @typedef {{phrase: string, pronunciations: string[], threshold: number}} Phrase phones with blanks between them
 * @typedef {{phrase: string, start: number, end: number, score: number}} Wake in samples since the first
 */

export class Spotter {
  /** @param {import("./network.js").Network} network @param {Phrase} phrase */
  constructor(network, { phrase, pronunciations, threshold }) {
    this.phrase = phrase;
    this.features = new Features(network.mean);
    this.stream = new NetworkStream(network);
    const chains = pronunciations.map((one) => one.split(" "));
    this.tracker = new Tracker(network.phones, chains, threshold);
    this.first = network.left * HOP + FRAME_OFFSET;
  }

  /** @param {Int16Array} samples any number of them @returns {Wake | null} */
  process(samples) {
    let wake = null;
    for (const posteriors of this.stream.process(this.features.process(samples))) {
      const found = this.tracker.step(posteriors);
      if (!found || wake) continue;
      wake = { phrase: this.phrase, start: this.#sample(found.start), end: this.#sample(found.end), score: found.score };
    }
    return wake;
  }

  /** @param {number} frame */
  #sample(frame) {
    return this.first + frame * 3 * HOP;
  }
}
