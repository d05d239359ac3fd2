/**
 * Tap or hold: the talk button and the space bar, as one small machine.
 *
 * A press starts listening at once. Released soon, or before the microphone was open, it was a tap and the service finds
 * the end of the turn; held, the release is the end. A tap while listening ends the turn.
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

  // The events' own times: a page that is busy opening the microphone handles the release late, and a tap is no hold.
  const press = (/** @type {number} */ at) => {
    if (pressedAt) return;
    pressedAt = at;
    ends = ["opening", "listening"].includes(phase());
    if (!ends) act({ type: "listen" });
  };
  const release = (/** @type {number} */ at) => {
    if (!pressedAt) return;
    const held = at - pressedAt > HOLD_MS;
    pressedAt = 0;
    if (ends) act(phase() === "opening" ? { type: "cancel" } : { type: "end" });
    else if (held && phase() === "listening") setTimeout(() => act({ type: "end" }), TAIL_MS);
  };

  button.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    button.setPointerCapture(event.pointerId);
    press(event.timeStamp);
  });
  for (const end of ["pointerup", "pointercancel"]) button.addEventListener(end, (event) => release(event.timeStamp));
  button.addEventListener("contextmenu", (event) => event.preventDefault());
  // A click without a pointer is the enter key or a screen reader: always a tap.
  button.addEventListener("click", (event) => {
    if (event.detail !== 0) return;
    press(event.timeStamp);
    release(event.timeStamp);
  });
  addEventListener("blur", (event) => release(event.timeStamp));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !document.querySelector("dialog[open]")) return act({ type: "cancel" });
    if (!isTalkKey(event, button)) return;
    event.preventDefault();
    if (!event.repeat) press(event.timeStamp);
  });
  document.addEventListener("keyup", (event) => {
    if (!isTalkKey(event, button)) return;
    event.preventDefault();
    release(event.timeStamp);
  });
}

/** The space bar where nothing else wants it. @param {KeyboardEvent} event @param {HTMLElement} button */
function isTalkKey(event, button) {
  if (event.key !== " " || event.ctrlKey || event.altKey || event.metaKey || document.querySelector("dialog[open]")) return false;
  const target = /** @type {Element} */ (event.target);
  return target === button || !target.closest?.(OWN_SPACE);
}
