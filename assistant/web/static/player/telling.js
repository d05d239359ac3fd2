/** What a page is told of its player: each thing once. */

/** @type {Record<string, string>} */
const EVENTS = { playing: "sori-playing", paused: "sori-paused", ended: "sori-ended" };

export class Teller {
  #state = "";
  /** @type {import("./service.js").Problem | null} */
  #problem = null;

  /** @param {(name: string, detail: object) => void} emit */
  constructor(emit) {
    this.emit = emit;
  }

  /** @param {import("./playback.js").State} state @returns {boolean} whether it is another than before */
  state(state) {
    const changed = state !== this.#state;
    this.#state = state;
    if (changed && EVENTS[state]) this.emit(EVENTS[state], {});
    return changed;
  }

  /** @param {import("./service.js").Problem | null} problem */
  problem(problem) {
    if (problem && problem !== this.#problem) this.emit("sori-error", { code: problem.code, message: problem.message });
    this.#problem = problem;
  }

  /** @param {import("./item.js").Item} item */
  ready(item) {
    this.emit("sori-ready", { item: item.id, duration: item.duration / 1000 });
  }

  /** @param {import("./item.js").Scene[]} all @param {number} index */
  scene(all, index) {
    if (index >= 0) this.emit("sori-scene", { index, start: all[index].start / 1000, count: all.length });
  }

  /** @param {number} position @param {number} duration milliseconds */
  time(position, duration) {
    this.emit("sori-time", { currentTime: position / 1000, duration: duration / 1000 });
  }
}
