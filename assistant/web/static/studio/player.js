/** Plays the recording, whole or a sentence of it, over a drawing of its sound. */

import { setIcon, setText } from "../design/dom.js";
import { clock } from "../speaker/format.js";
import { shape } from "./steps-view.js";

export class Player {
  /**
   * @param {{media: HTMLVideoElement, play: HTMLElement, seek: HTMLInputElement, time: HTMLElement, peaks: SVGElement}} parts
   * @param {() => Promise<string | null>} freshUrl a new address, when the old one has expired
   * @param {(ms: number) => void} onMove
   */
  constructor(parts, freshUrl, onMove) {
    this.parts = parts;
    /** Where a sentence that is played alone ends. */
    this.until = Infinity;
    const { media, play, seek } = parts;
    play.addEventListener("click", () => (media.paused ? this.playFrom(null) : media.pause()));
    seek.addEventListener("input", () => {
      this.until = Infinity;
      media.currentTime = Number(seek.value);
    });
    for (const event of ["timeupdate", "play", "pause", "loadedmetadata", "seeked"]) media.addEventListener(event, () => this.show(onMove));
    media.addEventListener("error", async () => {
      const at = media.currentTime, url = media.dataset.url && (await freshUrl());
      if (url && url !== media.dataset.url) this.load(url, at);
    });
  }

  /** @param {string | null} url @param {number} [at] seconds */
  load(url, at = 0) {
    const { media } = this.parts;
    if (media.dataset.path === (url ?? "").split("?")[0]) return;
    media.dataset.path = (url ?? "").split("?")[0];
    media.dataset.url = url ?? "";
    if (url) media.src = url;
    else media.removeAttribute("src");
    media.currentTime = at;
  }

  /** Plays from a time on, or on; a sentence until its end. @param {number | null} startMs @param {number} [endMs] */
  playFrom(startMs, endMs = Infinity) {
    const { media } = this.parts;
    this.until = endMs / 1000;
    if (startMs !== null) media.currentTime = startMs / 1000;
    media.play().catch(() => null); // nothing to be heard: the picture shows that it stands
  }

  pause() {
    this.parts.media.pause();
  }

  /** @param {(ms: number) => void} onMove */
  show(onMove) {
    const { media, play, seek, time } = this.parts;
    if (media.currentTime >= this.until) {
      this.until = Infinity;
      media.pause();
    }
    seek.max = String(media.duration || 0);
    seek.value = String(media.currentTime);
    seek.setAttribute("aria-valuetext", `${clock(media.currentTime * 1000)} of ${clock((media.duration || 0) * 1000)}`);
    setText(time, `${clock(media.currentTime * 1000)} / ${clock((media.duration || 0) * 1000)}`);
    setIcon(play, media.paused ? "play" : "pause");
    play.setAttribute("aria-label", media.paused ? "Play" : "Pause");
    media.hidden = !media.videoWidth;
    onMove(media.currentTime * 1000);
  }

  /** @param {number[]} peaks 0 to 255 */
  draw(peaks) {
    const { peaks: svg } = this.parts;
    svg.setAttribute("viewBox", `0 0 ${Math.max(1, peaks.length)} 256`);
    const scale = 240 / Math.max(1, ...peaks); // of a quiet recording one wants to see the sentences, too
    const path = peaks.map((peak, x) => `M${x + 0.5} ${128 - peak * scale / 2}v${Math.max(2, peak * scale)}`).join("");
    svg.replaceChildren(shape("path", { d: path, class: "peak", "vector-effect": "non-scaling-stroke" }));
  }
}
