/** The player's dock: what is loaded, the keys, the sliders and the screen. */

import { byId, element, setIcon, setText } from "../design/dom.js";
import { clock, length } from "./format.js";
import { STEP_MS } from "./media-keys.js";

/** @type {Partial<Record<import("./player.js").Playback, string>>} */
const REMARKS = {
  loading: "Loading…",
  blocked: "The browser wants a tap before the first sound.",
  failed: "This could not be played.",
};

export class PlayerView {
  #seeking = false;

  /**
   * @param {import("./player.js").Player} player
   * @param {(text: string) => void} say what a key says instead of a listener
   */
  constructor(player, say) {
    this.player = player;
    this.dock = byId("player");
    this.seek = byId("player-seek");
    this.volume = byId("player-volume");
    byId("player-toggle").onclick = () => player.toggle();
    byId("player-tap").onclick = () => player.toggle();
    byId("player-previous").onclick = () => say("previous");
    byId("player-next").onclick = () => say("next");
    byId("player-back").onclick = () => player.skip(-STEP_MS);
    byId("player-forward").onclick = () => player.skip(STEP_MS);
    this.speed = byId("player-speed");
    this.speed.onchange = () => player.arrange({ type: "speed", speed: Number(this.speed.value) });
    byId("player-queue-clear").onclick = () => player.arrange({ type: "queue", items: [], place: "only" });
    byId("player-sleep").onclick = () => player.arrange({ type: "sleep", sleep: null });
    byId("player-close").onclick = () => player.stop();
    byId("player-expand").onclick = () => player.media.requestFullscreen?.();
    this.seek.oninput = () => {
      this.#seeking = true;
      this.#paintTime(Number(this.seek.value));
    };
    this.seek.onchange = () => {
      this.#seeking = false;
      player.seek(Number(this.seek.value));
    };
    this.volume.oninput = () => player.arrange({ type: "volume", volume: Number(this.volume.value) });
  }

  render() {
    const { item, playback, arranged } = this.player;
    const { dock } = this;
    dock.dataset.playback = playback;
    dock.hidden = !item || playback === "stopped";
    document.body.dataset.player = dock.hidden ? "closed" : (item?.medium ?? "audio");
    if (!item) return;
    dock.dataset.item = item.item;
    const title = byId("player-title");
    setText(title, item.title);
    title.href = `/watch/${encodeURIComponent(item.item)}?t=${Math.floor(this.player.position / 1000)}`;
    this.#paintCreator(item, REMARKS[playback]);
    byId("player-screen").hidden = item.medium !== "video";
    this.#paintArtwork(item);
    const going = this.player.sounds;
    setIcon(byId("player-toggle"), going ? "pause" : "play");
    byId("player-toggle").setAttribute("aria-label", going ? "Pause" : "Play");
    byId("player-tap").hidden = playback !== "blocked";
    this.#paintVolume(arranged.loudness.volume);
    this.#paintSpeed();
    this.#paintQueue();
    this.#paintSleep();
    if (!this.#seeking) this.#paintTime(this.player.position);
  }

  /** Who made it, with the way to their channel, or what is to be said instead. @param {import("./types.js").Play} item @param {string} [remark] */
  #paintCreator(item, remark) {
    const channel = byId("player-channel");
    channel.hidden = Boolean(remark) || !item.channel;
    if (!channel.hidden) channel.setAttribute("href", `/channels/${item.channel}`);
    setText(channel, channel.hidden ? "" : (item.creator ?? ""));
    setText(byId("player-remark"), remark ?? (channel.hidden ? (item.creator ?? "") : ""));
    byId("player-creator").dataset.remark = String(Boolean(remark));
  }

  /** @param {import("./types.js").Play} item */
  #paintArtwork(item) {
    const image = byId("player-image");
    image.hidden = !item.image_url;
    if (item.image_url && image.getAttribute("src") !== item.image_url) image.src = item.image_url;
  }

  /** A speed that was asked for aloud may be one that is not offered. */
  #paintSpeed() {
    const value = String(this.player.arranged.speed);
    if (this.speed.value === value) return;
    const offered = [...this.speed.options].some((option) => option.value === value);
    if (!offered) this.speed.append(element("option", { value }, `${value}×`));
    this.speed.value = value;
  }

  #paintQueue() {
    const { queue, repeat, shuffle } = this.player.arranged.list;
    const modes = [repeat === "one" ? "repeating this" : repeat === "all" ? "repeating all" : "", shuffle ? "shuffled" : ""];
    const modesText = modes.filter(Boolean).join(", ");
    byId("player-queue").hidden = !queue.length && !modesText;
    byId("player-queue-clear").hidden = !queue.length;
    setText(byId("player-queue-label"), [queue.length ? `Next: ${queue.length}` : "", modesText].filter(Boolean).join(" · "));
    const list = byId("player-queue-list");
    const titles = queue.map(({ play }) => play.title);
    if (list.dataset.titles === titles.join("\n")) return;
    list.dataset.titles = titles.join("\n");
    list.replaceChildren(...titles.map((title) => element("li", {}, title)));
  }

  #paintSleep() {
    const { sleep } = this.player.arranged.report;
    byId("player-sleep").hidden = !sleep;
    if (!sleep) return;
    setText(byId("player-sleep-text"), sleep.in_ms === null ? "Sleeps after this" : `Sleeps in ${length(sleep.in_ms)}`);
  }

  /** @param {number} volume */
  #paintVolume(volume) {
    this.volume.value = String(volume);
    this.volume.style.setProperty("--filled", `${volume}%`);
    this.volume.setAttribute("aria-valuetext", `${volume} percent`);
  }

  /** @param {number} position */
  #paintTime(position) {
    const duration = this.player.duration;
    this.seek.disabled = duration === null;
    this.seek.max = String(duration ?? 0);
    this.seek.value = String(position);
    this.seek.style.setProperty("--filled", `${duration ? (100 * position) / duration : 0}%`);
    this.seek.setAttribute("aria-valuetext", `${clock(position)} of ${duration === null ? "unknown" : clock(duration)}`);
    setText(byId("player-position"), clock(position));
    setText(byId("player-duration"), duration === null ? "–:––" : clock(duration));
  }
}
