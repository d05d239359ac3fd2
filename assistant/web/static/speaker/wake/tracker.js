/** Whether a phrase was said: the state machine of voice/wake/tracker.py, where it is described. */

const MATCH = 2;
const FLOOR = -3;
const PHONE_FRAMES = 15;
const FRAMES_PER_PHONE = 1.5;
const PAUSE_FRAMES = 10;
const SETTLE_FRAMES = 4;
const REFRACTORY_FRAMES = 33;
const PAUSE = "SIL";

/**
 * @typedef {{worth: number, start: number, phones: number, earlier: number, here: number, frames: number}} Path
 * @typedef {{start: number, end: number, score: number}} Found frames, and a score of 0 at best
 */

/** @param {Path} path @param {number} ratio @returns {Path} */
const stay = (path, ratio) => ({ ...path, worth: path.worth + MATCH + ratio, here: path.here + ratio, frames: path.frames + 1 });

/** @param {Path} path @param {number} ratio @returns {Path} */
const move = (path, ratio) => ({
  worth: path.worth + MATCH + ratio,
  start: path.start,
  phones: path.phones + 1,
  earlier: path.earlier + path.here / path.frames,
  here: ratio,
  frames: 1,
});

/** @param {Path} path */
const score = (path) => (path.earlier + path.here / path.frames) / (path.phones + 1);

/** One chain of phones, followed frame by frame. */
class Pronunciation {
  /** @type {(Path | null)[]} */
  #paths = [];

  /** @param {number[]} chain columns of the frames @param {boolean[]} pauses which of them may be left out */
  constructor(chain, pauses) {
    this.chain = chain;
    this.pauses = pauses;
    this.shortest = FRAMES_PER_PHONE * pauses.filter((pause) => !pause).length;
    this.reset();
  }

  reset() {
    this.#paths = this.chain.map(() => null);
  }

  /** @param {number[]} ratios @param {number} frame @returns {Found | null} what the phrase scores if it ends here */
  step(ratios, frame) {
    for (let state = this.chain.length - 1; state >= 0; state--) {
      this.#paths[state] = this.#best(state, ratios[this.chain[state]], frame);
    }
    const last = this.#paths[this.chain.length - 1];
    if (!last || frame + 1 - last.start < this.shortest) return null;
    return { start: last.start, end: frame + 1, score: score(last) };
  }

  /** @param {number} state @param {number} ratio @param {number} frame @returns {Path | null} */
  #best(state, ratio, frame) {
    const here = this.#paths[state];
    let best = here && here.frames < (this.pauses[state] ? PAUSE_FRAMES : PHONE_FRAMES) ? stay(here, ratio) : null;
    if (state === 0) {
      const fresh = { worth: MATCH + ratio, start: frame, phones: 0, earlier: 0, here: ratio, frames: 1 };
      return best && best.worth >= fresh.worth ? best : fresh;
    }
    const sources = [this.#paths[state - 1]];
    if (state > 1 && this.pauses[state - 1]) sources.push(this.#paths[state - 2]);
    for (const source of sources) {
      if (source && (!best || source.worth + MATCH + ratio > best.worth)) best = move(source, ratio);
    }
    return best;
  }
}

export class Tracker {
  #frame = 0;
  #deafUntil = 0;
  /** @type {Found | null} */
  #best = null;

  /** @param {string[]} phones names of the frames' columns @param {string[][]} pronunciations @param {number} threshold */
  constructor(phones, pronunciations, threshold) {
    this.threshold = threshold;
    this.followed = pronunciations.map(
      (one) =>
        new Pronunciation(
          one.map((phone) => phones.indexOf(phone)),
          one.map((phone) => phone === PAUSE),
        ),
    );
  }

  /** @param {Float64Array} posteriors logarithms @returns {Found | null} the phrase, once, when it is over */
  step(posteriors) {
    const frame = this.#frame++;
    if (frame < this.#deafUntil) return null;
    const highest = Math.max(...posteriors);
    const ratios = Array.from(posteriors, (posterior) => Math.max(posterior - highest, FLOOR));
    for (const followed of this.followed) {
      const found = followed.step(ratios, frame);
      if (found && found.score >= this.threshold && !(this.#best && this.#best.score > found.score)) this.#best = found;
    }
    if (!this.#best || frame + 1 - this.#best.end < SETTLE_FRAMES) return null;
    const best = this.#best;
    this.#best = null;
    this.#deafUntil = this.#frame + REFRACTORY_FRAMES;
    for (const followed of this.followed) followed.reset();
    return best;
  }
}
