/** What every page of the console does with script: the theme, and no form sent twice by a double click. */

import { bindThemeButton } from "../design/theme-button.js";

bindThemeButton(/** @type {HTMLElement} */ (document.getElementById("theme")), () => {});

/** @type {WeakSet<HTMLFormElement>} */
const sent = new WeakSet();

document.addEventListener("submit", (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  if (event.defaultPrevented || form.method !== "post") return;
  if (sent.has(form)) event.preventDefault();
  sent.add(form);
});

// A page that comes back from the browser's memory can send its forms again.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) for (const form of document.forms) sent.delete(form);
});
