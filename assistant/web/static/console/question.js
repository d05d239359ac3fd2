/** One group of questions: what could be answered comes by itself, and a click puts it where the answer is written. */

import { LIVE, read } from "./live.js";

const place = /** @type {HTMLElement | null} */ (document.getElementById("suggestions"));
const answer = /** @type {HTMLTextAreaElement | null} */ (document.getElementById("field-answer"));

if (place?.dataset.from) {
  const page = await read(place.dataset.from, { headers: LIVE }).catch(() => null);
  const found = page?.getElementById("suggestions");
  if (found) {
    const title = document.createElement("h2");
    title.id = "suggestions-title";
    title.textContent = found.querySelector("h1")?.textContent ?? "";
    found.querySelector("h1")?.replaceWith(title);
    place.replaceWith(found);
  }
}

document.addEventListener("click", (event) => {
  const use = /** @type {HTMLElement} */ (event.target).closest("[data-use]");
  if (!(use instanceof HTMLElement) || !answer) return;
  event.preventDefault();
  answer.value = use.dataset.use ?? "";
  answer.focus();
  answer.scrollIntoView({ block: "center" });
});
