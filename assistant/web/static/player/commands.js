/** What the keys and buttons do. */

import * as pace from "./pace.js";

const BACK_MS = -15_000;
const AHEAD_MS = 30_000;
const ARROW_MS = 5_000;
const LOUDER = 0.1;

/**
 * @param {import("./player.js").Player} player
 * @returns {Record<import("./keys.js").Command, () => void>}
 */
export function commandsOf(player) {
  const skip = (/** @type {number} */ by) => player.playback.seek(player.playback.position + by);
  /** In a book, arrows turn pages, towards the side they point to. @param {1 | -1} side */
  const arrow = (side) => {
    const mirrored = getComputedStyle(player.host).direction === "rtl";
    if (player.asSlides) player.leaf(mirrored ? /** @type {1 | -1} */ (-side) : side);
    else skip(side * ARROW_MS);
  };
  /** @param {1 | -1} step */
  const change = (step) => {
    const usual = pace.stepped(player.pace.usual, step);
    player.setPace({ usual, scene: null });
    player.say(`Speed ${usual}`);
  };
  return {
    toggle: () => player.toggle(),
    back: () => skip(BACK_MS),
    forward: () => skip(AHEAD_MS),
    before: () => arrow(-1),
    after: () => arrow(1),
    previous: () => player.leaf(-1),
    next: () => player.leaf(1),
    slower: () => change(-1),
    faster: () => change(1),
    louder: () => setVolume(player.ui.media, player.ui.media.volume + LOUDER),
    quieter: () => setVolume(player.ui.media, player.ui.media.volume - LOUDER),
    mute: () => {
      player.ui.media.muted = !player.ui.media.muted;
    },
    captions: () => {
      player.captionsOn = !player.captionsOn;
      player.changed();
      player.say(player.captionsOn ? "Captions on" : "Captions off");
    },
    slides: () => player.show(player.asSlides ? "wave" : "slides"),
    expand: () => {
      if (document.fullscreenElement) document.exitFullscreen();
      else player.ui.root.requestFullscreen?.();
    },
    share: () => {
      if (player.item) player.share.open(player.item, player.playback.position);
    },
    find: () => {
      if (!player.ui.panel.checkVisibility()) player.show("wave"); // a book that fills a frame leaves no room for it
      player.ui.choose("find");
      player.finder.field.focus();
    },
    help: () => {
      if (player.help.open) player.help.close();
      else player.help.showModal();
    },
  };
}

/** @param {HTMLMediaElement} media @param {number} volume from 0 to 1; kept within */
export function setVolume(media, volume) {
  media.muted = false;
  media.volume = Math.max(0, Math.min(1, volume));
}
