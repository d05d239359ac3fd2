/** The lists of the panel: chapters, and the transcript that goes along with what is spoken. */

import { clock, element, reveal, roving, stopAt } from "./dom.js";
import { indexAt } from "./item.js";

/** Entries from which on those out of sight are not laid out. */
const LONG = 300;
/** After somebody scrolled, the transcript stays where they read. */
const READING_MS = 6_000;

export class Lines {
  /** @type {readonly {start: number}[]} */
  #parts = [];
  #shown = -1;
  #leftAlone = 0;

  /** @param {string} label @param {string} empty what is said where there is nothing @param {(start: number) => void} open */
  constructor(label, empty, open) {
    this.list = element("ol", { class: "lines", "aria-label": label });
    this.empty = element("p", { class: "empty" }, empty);
    this.node = element("div", { class: "scroll" }, this.list, this.empty);
    roving(this.list);
    this.list.addEventListener("click", (/** @type {Event} */ event) => {
      const button = /** @type {HTMLElement} */ (event.target).closest("button");
      if (button) open(Number(button.dataset.start));
    });
    for (const gesture of ["wheel", "touchmove", "pointerdown", "keydown"]) {
      this.node.addEventListener(gesture, () => (this.#leftAlone = performance.now() + READING_MS), { passive: true });
    }
  }

  /** @param {readonly {start: number, text: string, title?: string, speaker?: string}[]} parts */
  load(parts) {
    this.#parts = parts;
    this.#shown = -1;
    this.empty.hidden = parts.length > 0;
    this.list.dataset.long = String(parts.length > LONG);
    let speaker = "";
    this.list.replaceChildren(
      ...parts.map((part, index) => {
        const changed = part.speaker && part.speaker !== speaker ? (speaker = part.speaker) : "";
        return element("li", {}, entry(part.start, changed, [part.title || part.text], index === 0));
      }),
    );
  }

  /** @param {number} position milliseconds */
  render(position) {
    const index = indexAt(this.#parts, position);
    if (this.node.closest("[hidden]") || index === this.#shown) return;
    this.#shown = index;
    this.list.querySelector("[aria-current]")?.removeAttribute("aria-current");
    const button = this.list.children[index]?.querySelector("button");
    if (!button) return;
    button.setAttribute("aria-current", "true");
    if (performance.now() < this.#leftAlone) return;
    stopAt(this.list, button);
    reveal(this.node, button);
  }
}

/**
 * A line that plays from its time.
 * @param {number} start @param {string} speaker @param {(Node | string)[]} text @param {boolean} stop whether Tab stops here
 */
export const entry = (start, speaker, text, stop) =>
  element(
    "button", { class: "line", type: "button", "data-start": start, tabindex: stop ? 0 : -1 },
    element("span", { class: "time" }, clock(start)),
    element("span", { class: "said", dir: "auto" }, speaker ? element("span", { class: "who" }, `${speaker} `) : null, ...text),
  );
