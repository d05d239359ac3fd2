/** The timeline: the outline of the sound with its chapters, and a slider over it for keys, pointers and screen readers. */

import { clock, element, setText } from "./dom.js";
import { indexAt } from "./item.js";

const BAR = 3;
const GAP = 1.5;
const STEP_MS = 5_000;
const LEAP_MS = 30_000;
const STEPS = {
  ArrowLeft: -STEP_MS,
  ArrowDown: -STEP_MS,
  ArrowRight: STEP_MS,
  ArrowUp: STEP_MS,
  PageDown: -LEAP_MS,
  PageUp: LEAP_MS,
};

/** The loudest of each of `count` stretches, 0 to 1. @param {readonly number[]} peaks @param {number} count */
export function bars(peaks, count) {
  return Array.from({ length: count }, (_, bar) => {
    const first = Math.floor((bar * peaks.length) / count);
    const last = Math.max(first + 1, Math.floor(((bar + 1) * peaks.length) / count));
    return Math.max(0, ...peaks.slice(first, last)) / 255;
  });
}

export class Waveform {
  /** @type {import("./item.js").Scene[]} */
  #chapters = [];
  /** @type {readonly number[]} */
  #peaks = [];
  #position = 0;
  #duration = 0;
  /** Where the pointer is, from 0 to 1. @type {number | null} */
  #pointed = null;

  /** @param {(position: number) => void} seek */
  constructor(seek) {
    this.canvas = element("canvas", { class: "wave", "aria-hidden": "true", ontransitionend: () => this.#draw() });
    this.slider = element("input", {
      type: "range", class: "seek", part: "timeline", min: 0, max: 0, step: "any", value: 0, "aria-label": "Position",
      oninput: () => seek(Number(this.slider.value)),
      onkeydown: (/** @type {KeyboardEvent} */ event) => {
        const step = STEPS[/** @type {keyof typeof STEPS} */ (event.key)];
        if (step === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
        event.preventDefault();
        seek(this.#position + step);
      },
    });
    this.hint = element("output", { class: "hint", "aria-hidden": "true", hidden: true });
    // Time goes from left to right in every script, as on every recorder.
    this.node = element("div", { class: "timeline", dir: "ltr" }, this.canvas, this.slider, this.hint);
    this.node.addEventListener("pointermove", (/** @type {PointerEvent} */ event) => this.#point(event));
    this.node.addEventListener("pointerleave", () => this.#point(null));
    new ResizeObserver(() => this.#draw()).observe(this.canvas);
  }

  /** @param {import("./item.js").Item} item */
  load(item) {
    this.#peaks = item.peaks;
    this.#chapters = item.chapters.length ? item.chapters : item.slides;
    this.node.dataset.plain = String(!item.peaks.length);
  }

  /** The title of the chapter that plays, if there are any. */
  get chapter() {
    return this.#chapters[indexAt(this.#chapters, this.#position)]?.title ?? "";
  }

  /** @param {number} position @param {number} duration milliseconds */
  render(position, duration) {
    this.#position = position;
    this.#duration = duration;
    this.slider.max = String(duration);
    this.slider.value = String(position);
    this.slider.setAttribute("aria-valuetext", [`${clock(position)} of ${clock(duration)}`, this.chapter].filter(Boolean).join(", "));
    this.#draw();
  }

  /** @param {PointerEvent | null} event */
  #point(event) {
    const { left, width } = this.canvas.getBoundingClientRect();
    this.#pointed = event && this.#duration ? Math.max(0, Math.min(1, (event.clientX - left) / width)) : null;
    this.hint.hidden = this.#pointed === null;
    if (this.#pointed !== null) {
      const time = this.#pointed * this.#duration;
      setText(this.hint, [clock(time), this.#chapters[indexAt(this.#chapters, time)]?.title].filter(Boolean).join(" · "));
      const half = this.hint.offsetWidth / 2;
      this.hint.style.left = `${Math.max(half, Math.min(width - half, this.#pointed * width))}px`;
    }
    this.#draw();
  }

  #draw() {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    const paint = this.canvas.getContext("2d");
    if (!width || !paint) return;
    const scale = devicePixelRatio || 1;
    const [wide, high] = [Math.round(width * scale), Math.round(height * scale)];
    if (this.canvas.width !== wide || this.canvas.height !== high) Object.assign(this.canvas, { width: wide, height: high });
    paint.setTransform(scale, 0, 0, scale, 0, 0);
    paint.clearRect(0, 0, width, height);
    // The theme's colours, computed: what is played, what is still to come, and the marks between chapters.
    const { color: played, caretColor: ahead, columnRuleColor: mark } = getComputedStyle(this.canvas);
    const share = this.#duration ? this.#position / this.#duration : 0;
    const count = Math.max(1, Math.floor(width / (BAR + GAP)));
    const middle = (height - 6) / 2;
    (this.#peaks.length ? bars(this.#peaks, count) : Array(count).fill(0)).forEach((loudness, bar) => {
      const half = Math.max(1.5, loudness * middle);
      const at = (bar + 0.5) / count;
      const pointed = this.#pointed !== null && at < this.#pointed;
      paint.globalAlpha = at > share && pointed ? 0.55 : 1;
      paint.fillStyle = at <= share || pointed ? played : ahead;
      paint.beginPath();
      paint.roundRect((bar * width) / count, middle - half, BAR, 2 * half, BAR / 2);
      paint.fill();
    });
    paint.globalAlpha = 1;
    paint.fillStyle = mark;
    for (const { start } of this.#chapters) {
      if (start > 0 && start < this.#duration) paint.fillRect((start / this.#duration) * width - 1, height - 5, 2, 5);
    }
    paint.fillStyle = played;
    paint.beginPath();
    paint.roundRect(Math.min(width - 2, share * width), 0, 2, height - 6, 1);
    paint.fill();
  }
}
