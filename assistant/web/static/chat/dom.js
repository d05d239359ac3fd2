/** What the chat builds its elements with. Text goes in as text nodes only: what a shop or a customer wrote is never markup. */

/** @typedef {Record<string, string | number | boolean | null | undefined | ((event: any) => void)>} Attributes */
/** @typedef {Node | string | null | undefined | false} Child */

/**
 * @param {string} kind a tag with its classes: "span.quiet"
 * @param {Attributes | Child} [attributes] listeners as `onclick`; may be left out
 * @param {...Child} children
 * @returns {any}
 */
export function element(kind, attributes, ...children) {
  const [tag, ...classes] = kind.split(".");
  const node = /** @type {any} */ (document.createElement(tag));
  if (classes.length) node.className = classes.join(" ");
  if (tag === "button") node.type = tag; // or it would send the form around it
  if (attributes?.constructor !== Object) children.unshift(/** @type {Child} */ (attributes));
  else
    for (const [name, value] of Object.entries(/** @type {Attributes} */ (attributes))) {
      if (typeof value === "function") node.addEventListener(name.slice(2), value);
      else if (value || value === 0 || value === "") node.setAttribute(name, value === true ? "" : value);
    }
  node.append(...children.filter((child) => child || child === 0));
  return node;
}

/** Sets a text if it changed, so that a live region is not announced again. @param {Element} node @param {string} text */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** Sets an attribute, or takes it away. @param {Element} node @param {string} name @param {string | null | undefined | false} value */
export function setAttribute(node, name, value) {
  if (value) node.setAttribute(name, value);
  else node.removeAttribute(name);
}

/** What can have the focus within a node, in order. @param {ParentNode} node @returns {HTMLElement[]} */
export const focusables = (node) => [...node.querySelectorAll("a[href], button, input, select, textarea")].map((one) => /** @type {HTMLElement} */ (one));

/** A list of what is there: nothing where a part of an answer is missing. @template T @param {T[] | null | undefined} list @returns {T[]} */
export const each = (list) => list ?? [];

/** Whether motion is not wanted. */
export const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/** Whether things run from right to left here. @param {Element} node */
export const mirrored = (node) => getComputedStyle(node).direction === "rtl";
