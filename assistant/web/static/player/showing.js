/** What the controls show of the player's state. */

import { element, setText } from "./dom.js";
import { scenes } from "./item.js";
import { speed } from "./pace.js";
import { PASSING } from "./service.js";
import { icon } from "./icons.js";
import { mark, showSpeed } from "./shell.js";

/**
 * @typedef {ReturnType<typeof import("./shell.js").shell>} Shell
 * @param {Shell} ui @param {import("./item.js").Item} item @param {boolean} foreign
 */
export function showAbout(ui, item, foreign) {
  const picture = ui.art.querySelector("img");
  if (foreign) picture.crossOrigin = "anonymous";
  picture.hidden = !item.image;
  if (item.image) picture.src = item.image;
  setText(ui.title, item.title);
  const page = item.page && new URL(item.page);
  if (page && page.origin + page.pathname !== location.origin + location.pathname) ui.title.href = page.href;
  else ui.title.removeAttribute("href");
  setText(ui.about, [item.creator, item.series].filter(Boolean).join(" · "));
  ui.root.setAttribute("aria-label", `Player: ${item.title}`);
}

/** @param {import("./player.js").Player} player @param {string} state */
export function showControls(player, state) {
  const { ui, item, pace, playback } = player;
  const { buttons } = ui;
  const going = playback.going;
  mark(buttons.toggle, going ? "pause" : "play", going ? "Pause" : "Play");
  mark(buttons.mute, ui.media.muted ? "mute" : "volume", "Sound off", ui.media.muted);
  mark(buttons.captions, "captions", "Captions", player.captionsOn);
  mark(buttons.slides, "slides", "Read as slides", player.asSlides);
  buttons.slides.hidden = !item?.slides.length;
  buttons.expand.hidden = ui.root.dataset.medium !== "video";
  const leafable = Boolean(item && scenes(item).length > 1);
  const part = item?.slides.length ? "scene" : "chapter";
  mark(buttons.previous, "previous", `Previous ${part}`);
  mark(buttons.next, "next", `Next ${part}`);
  buttons.previous.disabled = buttons.next.disabled = !leafable;
  showSpeed(ui.speed, pace.usual);
  showSpeed(player.scenePace, speed(pace));
  ui.volume.value = String(ui.media.muted ? 0 : Math.round(ui.media.volume * 100));
  const dead = state === "loading" || Boolean(player.problem ?? playback.problem);
  ui.deck.inert = dead;
  ui.root.setAttribute("aria-busy", String(state === "loading"));
}

/**
 * Says over the controls why it does not play.
 * @param {import("./player.js").Player} player @param {import("./service.js").Problem | null} problem
 */
export function showNotice(player, problem) {
  const { notice } = player.ui;
  const shown = problem && player.ui.root.dataset.state !== "loading" ? problem : null;
  notice.hidden = !shown;
  if (!shown || notice.dataset.code === shown.code) return;
  notice.dataset.code = shown.code;
  const again = element("button", { class: "small", type: "button", onclick: () => player.tryAgain() }, "Try again");
  notice.replaceChildren(icon("alert"), element("p", {}, shown.message), PASSING.has(shown.code) ? again : "");
}
