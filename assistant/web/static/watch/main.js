/** An item's page: times in the text play from there, and the listener's devices go on where another stopped. */

import "../player/sori-player.js";
import { bindThemeButton } from "../design/theme-button.js";
import { byId } from "../design/dom.js";
import { goOn } from "./place.js";

const player = byId("player");

bindThemeButton(byId("theme"), () => {});
document.addEventListener("click", (event) => {
  const link = /** @type {Element} */ (event.target).closest("a[data-start]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  player.seek(Number(/** @type {HTMLElement} */ (link).dataset.start) / 1000);
  player.play();
  player.scrollIntoView({ block: "nearest" });
});
goOn(player);
