/** The shop's menu, which stays below the conversation: its levels unfold. */

import { element } from "./dom.js";
import { icon } from "./icons.js";
import { buttonsOf } from "./product-view.js";

/** @param {any[]} items @param {string} label @param {import("./product-view.js").Desk} desk @returns {HTMLDetailsElement} */
export function menuView(items, label, desk) {
  const node = element("details.menu", element("summary.link", icon("list"), label),
    ...items.map((one) => (one.tap ? buttonsOf([one], desk) : menuView(one.items, one.label, desk))));
  node.addEventListener("click", (/** @type {any} */ { target }) => {
    if (target.closest(".button")) node.open = false; // it was chosen
  });
  return node;
}
