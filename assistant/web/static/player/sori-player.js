/**
 * `<sori-player item="...">`: plays an item of a Sori service on any page, finds the moment, and leafs through a video
 * like a book. Attributes, methods, events and colours: docs/player.md.
 */

import { scenes } from "./item.js";
import { allowed } from "./pace.js";
import { Player } from "./player.js";
import { sheet } from "./styles.js";

export class SoriPlayer extends HTMLElement {
  static observedAttributes = ["item", "service", "view"];

  #player = new Player((name, detail) => this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true })), this);
  #shown = "";

  constructor() {
    super();
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [sheet()];
    root.append(...this.#player.nodes);
  }

  connectedCallback() {
    this.#show();
  }

  disconnectedCallback() {
    this.#player.playback.pause();
  }

  /** @param {string} name @param {string | null} _before @param {string | null} value */
  attributeChangedCallback(name, _before, value) {
    if (!this.isConnected) return;
    if (name === "view") this.#player.show(value ?? "auto");
    else this.#show();
  }

  /** Loads what the attributes say, unless it is there already. */
  #show() {
    const { item, service } = this;
    if (!item || this.#shown === `${service} ${item}`) return;
    this.#shown = `${service} ${item}`;
    const start = Math.max(0, Number(this.getAttribute("start")) || 0) * 1000;
    this.#player.load({ service, item, start, view: this.view, medium: this.getAttribute("medium") ?? "audio" });
  }

  get item() {
    return this.getAttribute("item") ?? "";
  }

  set item(item) {
    this.setAttribute("item", item);
  }

  /** The address of the service; where this script came from unless the attribute says otherwise. */
  get service() {
    return new URL(this.getAttribute("service") || import.meta.url, document.baseURI).origin;
  }

  set service(address) {
    this.setAttribute("service", address);
  }

  /** auto, slides or wave */
  get view() {
    return this.getAttribute("view") ?? "auto";
  }

  set view(view) {
    this.setAttribute("view", view);
  }

  /** Seconds, as in media elements. */
  get currentTime() {
    return this.#player.playback.position / 1000;
  }

  set currentTime(seconds) {
    this.seek(seconds);
  }

  /** Seconds; 0 while not known. */
  get duration() {
    return this.#player.playback.duration / 1000;
  }

  get paused() {
    return !this.#player.playback.going;
  }

  /** From 0.5 to 2. */
  get speed() {
    return this.#player.pace.usual;
  }

  set speed(speed) {
    this.#player.setPace({ usual: allowed(speed), scene: null });
  }

  /** Start and end in seconds and the words of each scene, or, where there are no slides, chapter. */
  get scenes() {
    const { item } = this.#player;
    return item ? scenes(item).map(({ start, end, title, text }) => ({ start: start / 1000, end: end / 1000, title, text })) : [];
  }

  play() {
    return this.#player.playback.play();
  }

  pause() {
    this.#player.playback.pause();
  }

  /** @param {number} seconds */
  seek(seconds) {
    if (Number.isFinite(Number(seconds))) this.#player.playback.seek(Number(seconds) * 1000);
  }

  nextScene() {
    this.#player.leaf(1);
  }

  previousScene() {
    this.#player.leaf(-1);
  }

  /** Shows and gives where something is said, best first, times in seconds. @param {string} text */
  async search(text) {
    const moments = await this.#player.search(String(text));
    return moments.map(({ start, end, speaker, text: said }) => ({ start: start / 1000, end: end / 1000, speaker, text: said }));
  }
}

if (!customElements.get("sori-player")) customElements.define("sori-player", SoriPlayer);
