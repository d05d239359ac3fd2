/**
 * Tap or hold: the talk button and the space bar, as one small machine.
 *
 * A press starts listening at once. Released soon, it was a tap and the service finds the end of the turn; held, the
 * release is the end. A tap while listening ends the turn.
 */

const HOLD_MS = 350;
/** People let go on their last syllable. */
const TAIL_MS = 160;
const OWN_SPACE = "a[href], button, input, select, textarea, summary, audio, video, dialog, [contenteditable], [role=slider]";

/**
 * @param {HTMLElement} button
 * @param {() => import("./types.js").Phase} phase
 * @param {(event: {type: "listen"} | {type: "end"} | {type: "cancel"}) => void} act
 */
export function bindTalk(button, phase, act) {
  let pressedAt = 0;
  let ends = false;

  const press = () => {
    if (pressedAt) return;
    pressedAt = performance.now();
    ends = ["opening", "listening"].includes(phase());
    if (!ends) act({ type: "listen" });
  };
  const release = () => {
    if (!pressedAt) return;
    const held = performance.now() - pressedAt > HOLD_MS;
    pressedAt = 0;
    if (ends) act(phase() === "opening" ? { type: "cancel" } : { type: "end" });
    else if (held) setTimeout(() => act({ type: "end" }), phase() === "listening" ? TAIL_MS : 0);
  };

  button.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    button.setPointerCapture(event.pointerId);
    press();
  });
  button.addEventListener("pointerup", release);
  button.addEventListener("pointercancel", release);
  button.addEventListener("contextmenu", (event) => event.preventDefault());
  // A click without a pointer is the enter key or a screen reader: always a tap.
  button.addEventListener("click", (event) => {
    if (event.detail !== 0) return;
    press();
    release();
  });
  addEventListener("blur", release);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !document.querySelector("dialog[open]")) return act({ type: "cancel" });
    if (!isTalkKey(event, button)) return;
    event.preventDefault();
    if (!event.repeat) press();
  });
  document.addEventListener("keyup", (event) => {
    if (!isTalkKey(event, button)) return;
    event.preventDefault();
    release();
  });
}

/** The space bar where nothing else wants it. @param {KeyboardEvent} event @param {HTMLElement} button */
function isTalkKey(event, button) {
  if (event.key !== " " || event.ctrlKey || event.altKey || event.metaKey || document.querySelector("dialog[open]")) return false;
  const target = /** @type {Element} */ (event.target);
  return target === button || !target.closest?.(OWN_SPACE);
}
