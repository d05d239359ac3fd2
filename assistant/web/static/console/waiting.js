/** How many wait for a person, beside the menu on every page of the console; with a sound where somebody wants one. */

import { listen } from "./live.js";

const KEY = "sori-console alerts";

/** @returns {boolean} */
export const alerted = () => localStorage.getItem(KEY) === "on";

/** @param {boolean} on @returns {Promise<boolean>} whether the browser may show notifications */
export async function setAlerts(on) {
  if (on) localStorage.setItem(KEY, "on");
  else localStorage.removeItem(KEY);
  if (!on || !("Notification" in window)) return false;
  return (await Notification.requestPermission()) === "granted";
}

/** Two short tones; silent where the browser wants a tap first. */
function chime() {
  const context = new AudioContext();
  for (const [place, pitch] of [660, 880].entries()) {
    const tone = new OscillatorNode(context, { frequency: pitch });
    const volume = new GainNode(context, { gain: 0.08 });
    tone.connect(volume).connect(context.destination);
    tone.start(context.currentTime + place * 0.16);
    tone.stop(context.currentTime + place * 0.16 + 0.14);
  }
  setTimeout(() => context.close(), 1_000);
}

/** @param {string} place where the conversations are */
function notify(place) {
  chime();
  if (!("Notification" in window) || Notification.permission !== "granted" || !document.hidden) return;
  const shown = new Notification("Somebody is waiting for you", { tag: place });
  shown.addEventListener("click", () => {
    window.focus();
    location.assign(place);
  });
}

const badge = /** @type {HTMLElement | null} */ (document.querySelector("[data-waiting]"));
if (badge) {
  const place = /** @type {string} */ (badge.dataset.waiting);
  const title = document.title;
  let before = -1;
  listen(`${place}/events`, (news) => {
    const { waiting } = news;
    badge.hidden = waiting === 0;
    badge.querySelector("[data-count]")?.replaceChildren(String(waiting));
    document.title = waiting ? `(${waiting}) ${title}` : title;
    if (before >= 0 && waiting > before && alerted()) notify(place);
    before = waiting;
    document.dispatchEvent(new CustomEvent("sori-conversations", { detail: news }));
  });
}
