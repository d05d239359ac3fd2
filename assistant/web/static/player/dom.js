/**
 * What the player builds its elements with; this folder stands alone, so that other sites may load it. Text goes in as
 * text nodes only.
 */

/**
 * @param {string} tag
 * @param {Record<string, string | number | boolean | null | ((event: any) => void)>} [attributes] listeners as `onclick`
 * @param {...(Node | string | null)} children
 * @returns {any}
 */
export function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") node.addEventListener(name.slice(2), value);
    else if (value !== null && value !== false) node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.filter((child) => child !== null));
  return node;
}

/** Sets a text if it changed, so that a live region is not announced again. @param {Element} node @param {string} text */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** A position, as on a clock: 0:07, 12:30, 1:02:03. @param {number} time milliseconds */
export function clock(time) {
  const seconds = Math.max(0, Math.floor(time / 1000));
  const [minutes, rest] = [Math.floor(seconds / 60) % 60, seconds % 60].map((part) => String(part).padStart(2, "0"));
  const hours = Math.floor(seconds / 3600);
  return hours ? `${hours}:${minutes}:${rest}` : `${Number(minutes)}:${rest}`;
}

const calm = matchMedia("(prefers-reduced-motion: reduce)");

/** Scrolls a list, and nothing around it, until an entry is in sight. @param {HTMLElement} list @param {HTMLElement} entry */
export function reveal(list, entry) {
  const [outer, inner] = [list.getBoundingClientRect(), entry.getBoundingClientRect()];
  /** Nothing where it is in sight; into the middle, or, what is larger than the list, to its beginning. */
  const by = (/** @type {number} */ low, /** @type {number} */ high, /** @type {number} */ from, /** @type {number} */ to) => {
    if (low >= from && high <= to) return 0;
    return high - low > to - from ? low - from : (low + high - from - to) / 2;
  };
  list.scrollBy({
    top: by(inner.top, inner.bottom, outer.top, outer.bottom),
    left: by(inner.left, inner.right, outer.left, outer.right),
    behavior: calm.matches ? "auto" : "smooth",
  });
}

/** Plays a short animation unless motion is not wanted. @param {Element} node @param {Keyframe[]} frames @param {number} duration */
export function animate(node, frames, duration) {
  if (!calm.matches) node.animate(frames, { duration, easing: "cubic-bezier(0.2, 0.7, 0.2, 1)" });
}

/**
 * A list of buttons with one stop for the Tab key; arrows go through it.
 * @param {HTMLElement} list
 */
export function roving(list) {
  const steps = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1, Home: -Infinity, End: Infinity };
  list.addEventListener("keydown", (event) => {
    const step = steps[/** @type {keyof typeof steps} */ (event.key)];
    const buttons = [...list.querySelectorAll("button")];
    const at = buttons.indexOf(/** @type {HTMLButtonElement} */ (event.target));
    if (step === undefined || at < 0) return;
    event.preventDefault();
    const mirrored = getComputedStyle(list).direction === "rtl" && /Left|Right/.test(event.key) ? -step : step;
    const next = buttons[Math.max(0, Math.min(buttons.length - 1, at + mirrored))];
    stopAt(list, next);
    next.focus();
  });
}

/** Makes this button the one stop of its list. @param {HTMLElement} list @param {HTMLElement | null | undefined} button */
export function stopAt(list, button) {
  for (const other of list.querySelectorAll("button[tabindex='0']")) /** @type {HTMLElement} */ (other).tabIndex = -1;
  if (button) button.tabIndex = 0;
}
