/** The plain sentences the page says when something is in the way; each names the next step. */

/** @type {Record<string, string>} */
const TEXTS = {
  offline: "There is no connection to the service just now. It is being tried again.",
  forgotten: "The service no longer knew this conversation, so a new one has begun. What was said is still shown.",
  unheard: "Nothing was heard. Try again a little closer to the microphone, or type.",
  refused: "This page may not use the microphone. Allow it in the browser's address bar, or type below.",
  missing: "No microphone was found. Connect one, or type below.",
  busy: "Another program is using the microphone. Close it and try again, or type below.",
  insecure: "Browsers give out the microphone only over https or on localhost. Typing works here.",
  unsupported: "This browser cannot record sound for a page. Typing works here.",
  failed: "The microphone stopped working. Try again, or type below.",
};

/** @param {string} kind @returns {import("./types.js").Notice} */
export function notice(kind) {
  return { kind, text: TEXTS[kind] ?? TEXTS.failed };
}
