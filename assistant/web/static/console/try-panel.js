/** The panel beside an editor: asks the drafts without leaving what is being written. */

import { read, replace } from "./live.js";

const form = /** @type {HTMLFormElement | null} */ (document.getElementById("try-panel"));

form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const body = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (typeof value === "string") body.append(name, value);
  form.toggleAttribute("aria-busy", true);
  try {
    replace(await read(form.dataset.panel ?? form.action, { method: "POST", body }), ["try-result"]);
  } catch (error) {
    const told = document.getElementById("try-result");
    if (told) told.textContent = /** @type {Error} */ (error).message;
  } finally {
    form.removeAttribute("aria-busy");
  }
});
