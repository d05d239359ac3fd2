/** The steps of an import as they pass, and the loudness before and after. */

import { element } from "../design/dom.js";
import { clock } from "../speaker/format.js";
import { decibels, loudnessWords, stepName } from "./format.js";

const SVG = "http://www.w3.org/2000/svg";
const STATES = { waiting: "waits", working: "at it", done: "done", failed: "did not work" };
/** LUFS at the two ends of the picture. */
const QUIET = -45, LOUD = 0;

/** @typedef {{step: string, state: keyof typeof STATES, done_s: number, of_s: number | null, code: string, message: string}} Step */

/** @param {HTMLElement} list @param {Step[]} steps */
export function showSteps(list, steps) {
  list.replaceChildren(...steps.map(stepRow));
}

/** @param {Step} step */
function stepRow({ step, state, done_s: done, of_s: of, message }) {
  const far = state === "working" && of && done ? `${clock(done * 1000)} of ${clock(of * 1000)}` : STATES[state];
  const bar = state === "working" && of ? element("progress", { max: of, value: done, "aria-label": stepName(step) }) : null;
  const why = state === "failed" ? element("p", { class: "problem" }, message) : null;
  return element("li", { "data-state": state, "data-step": step }, element("span", {}, stepName(step)), element("span", { class: "quiet-text" }, far), bar, why);
}

/** @param {{words: HTMLElement, picture: HTMLElement}} where @param {import("./format.js").Loudness} loudness */
export function showLoudness({ words, picture }, loudness) {
  words.textContent = loudnessWords(loudness);
  picture.replaceChildren(...[draw(loudness), table(loudness)]);
}

/** Two bars on one scale, with a line where everything else is. @param {import("./format.js").Loudness} loudness */
function draw({ before, after, target_lufs: target }) {
  const at = (/** @type {number | null} */ lufs) => Math.max(0, Math.min(100, ((lufs ?? QUIET) - QUIET) / (LOUD - QUIET) * 100));
  const bar = (/** @type {string} */ kind, /** @type {string} */ name, /** @type {number | null} */ lufs) => {
    const svg = shape("svg", { viewBox: "0 0 100 10", preserveAspectRatio: "none" });
    svg.append(
      shape("rect", { class: "track", width: 100, height: 10 }),
      shape("rect", { class: kind, width: at(lufs), height: 10 }),
      shape("line", { class: "target", x1: at(target), x2: at(target), y1: 0, y2: 10 }),
    );
    return [element("span", {}, name), svg];
  };
  const bars = [...bar("before", "as it came", before.integrated), ...bar("after", "as it is played", after.integrated)];
  return element("div", { class: "loudness-bars", "aria-hidden": "true" }, ...bars, element("span", { class: "scale" }, "soft"), element("span", { class: "scale" }, "loud"));
}

/** @param {import("./format.js").Loudness} loudness */
function table({ before, after, target_lufs: lufs, target_dbtp: dbtp }) {
  const row = (/** @type {string} */ name, /** @type {(number | null)[]} */ ...values) =>
    element("tr", {}, element("th", { scope: "row" }, name), ...values.map((value) => element("td", {}, value === null ? "\u2013" : decibels(value))));
  const head = element("tr", {}, element("td"), ...["as it came", "as it is played", "aim"].map((name) => element("th", { scope: "col" }, name)));
  return element("table", { class: "table figures" }, element("thead", {}, head), element("tbody", {},
    row("Loudness, LUFS", before.integrated, after.integrated, lufs),
    row("True peak, dBTP", before.true_peak, after.true_peak, dbtp),
    row("Range, LU", before.range, after.range, null),
  ));
}

/** @param {string} tag @param {Record<string, string | number>} attributes */
export function shape(tag, attributes) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, String(value));
  return node;
}
