/** A video as a book: one scene a page, its sharpest picture and what is said; all pages small below. */

import { animate, clock, element, reveal, roving, setText, stopAt } from "./dom.js";
import { icon } from "./icons.js";
import { indexAt } from "./item.js";

/** Pixels that a finger goes at least to turn a page. */
const SWIPE_PX = 40;
const TURN_MS = 260;

export class Book {
  /** @type {import("./item.js").Scene[]} */
  #scenes = [];
  #shown = -1;

  /**
   * @param {(step: 1 | -1) => void} leaf turns to the next or the previous page
   * @param {(scene: import("./item.js").Scene) => void} open
   * @param {Node} pace what sets the speed of this page
   */
  constructor(leaf, open, pace) {
    this.image = element("img", { class: "page-image", alt: "", draggable: "false" });
    const said = { role: "region", "aria-label": "What is said in this scene", tabindex: 0 };
    this.text = element("p", { class: "page-text", dir: "auto", ...said });
    this.count = element("p", { class: "page-count", role: "status" });
    this.thumbs = element("ol", { class: "thumbs", "aria-label": "Scenes" });
    /** @param {1 | -1} step @param {string} label @param {"left" | "right"} shape */
    const turn = (step, label, shape) =>
      element("button", { class: "turn", type: "button", "aria-label": label, onclick: () => leaf(step) }, icon(shape));
    this.before = turn(-1, "Previous scene", "left");
    this.after = turn(1, "Next scene", "right");
    this.page = element("div", { class: "page" }, this.image, this.before, this.after);
    const line = element("div", { class: "page-line" }, this.count, element("label", {}, "This scene ", pace));
    const book = { class: "book", part: "slides", "aria-label": "Slides", hidden: true };
    this.node = element("section", book, this.page, line, this.text, this.thumbs);
    roving(this.thumbs);
    this.thumbs.addEventListener("click", (/** @type {Event} */ event) => {
      const button = /** @type {HTMLElement} */ (event.target).closest("button");
      if (button) open(this.#scenes[Number(button.dataset.index)]);
    });
    let from = 0;
    this.page.addEventListener("pointerdown", (/** @type {PointerEvent} */ event) => (from = event.clientX));
    this.page.addEventListener("pointerup", (/** @type {PointerEvent} */ event) => {
      const moved = event.clientX - from;
      const mirrored = getComputedStyle(this.node).direction === "rtl";
      if (Math.abs(moved) >= SWIPE_PX) leaf(moved < 0 !== mirrored ? 1 : -1);
    });
  }

  /** @param {import("./item.js").Scene[]} scenes @param {boolean} foreign whether pictures come from another site */
  load(scenes, foreign) {
    this.#scenes = scenes;
    this.#shown = -1;
    const origin = foreign ? "anonymous" : null;
    const name = (/** @type {number} */ index) => `Scene ${index + 1}, ${clock(scenes[index].start)}`;
    if (origin) this.image.crossOrigin = origin;
    this.thumbs.replaceChildren(
      ...scenes.map((scene, index) =>
        element("li", {}, element(
          "button",
          { class: "thumb", type: "button", tabindex: -1, "data-index": index, "aria-label": name(index) },
          element("img", { crossorigin: origin, src: scene.image, alt: "", loading: "lazy", width: 96, height: 54 }),
          element("span", {}, clock(scene.start)),
        )),
      ),
    );
  }

  /** @param {number} position milliseconds */
  render(position) {
    const index = Math.max(0, indexAt(this.#scenes, position));
    const scene = this.#scenes[index];
    if (this.node.hidden || !scene || index === this.#shown) return;
    const step = Math.sign(index - this.#shown);
    const turned = this.#shown >= 0;
    this.#shown = index;
    this.image.src = scene.image;
    this.image.alt = `Picture of scene ${index + 1}`;
    setText(this.text, scene.text);
    this.text.scrollTop = 0;
    setText(this.count, `Scene ${index + 1} of ${this.#scenes.length}`);
    this.before.disabled = index === 0;
    this.after.disabled = index === this.#scenes.length - 1;
    const buttons = this.thumbs.querySelectorAll("button");
    for (const button of this.thumbs.querySelectorAll("[aria-current]")) button.removeAttribute("aria-current");
    buttons[index].setAttribute("aria-current", "true");
    stopAt(this.thumbs, buttons[index]);
    reveal(this.thumbs, buttons[index]);
    if (!turned) return;
    const side = getComputedStyle(this.node).direction === "rtl" ? -step : step;
    const turning = `perspective(60rem) translateX(${side * 6}%) rotateY(${side * 12}deg)`;
    animate(this.image, [{ opacity: 0.2, transform: turning }, { opacity: 1, transform: "none" }], TURN_MS);
  }
}
