/** One recording: how far it is, what listeners are told of it, whether it is published. */

import { byId, setText } from "../design/dom.js";
import { itemState } from "./format.js";
import { Player } from "./player.js";
import { showLoudness, showSteps } from "./steps-view.js";
import { TranscriptView } from "./transcript-view.js";

const LOOK_MS = 1000;
const FIELDS = ["title", "creator", "series", "kind", "language", "published", "description"];

export class ItemView {
  /** @param {() => void} onRemoved */
  constructor(onRemoved) {
    this.onRemoved = onRemoved;
    /** @type {any} */
    this.item = null;
    /** @type {import("./api.js").Api | null} */
    this.api = null;
    this.etag = "";
    this.timer = 0;
    this.player = new Player(
      { media: byId("media"), play: byId("play"), seek: byId("seek"), time: byId("time"), peaks: byId("peaks") },
      async () => (this.api && this.item ? (await this.api.get(this.path)).recording_url : null),
      (ms) => this.transcript.mark(ms),
    );
    this.transcript = new TranscriptView(this.player);
    byId("details").addEventListener("submit", (/** @type {Event} */ event) => this.saveDetails(event));
    byId("publish").addEventListener("click", () => this.change({ draft: !this.item.draft }));
    byId("artwork").addEventListener("change", (/** @type {any} */ event) => this.savePicture(event.target));
    byId("remove").addEventListener("click", () => byId("remove-dialog").showModal());
    byId("remove-cancel").addEventListener("click", () => byId("remove-dialog").close());
    byId("remove-confirm").addEventListener("click", () => this.remove());
  }

  get path() {
    return `/api/v1/items/${this.item.id}`;
  }

  /** @param {import("./api.js").Api} api @param {string} id */
  async open(api, id) {
    this.close();
    this.api = api;
    this.etag = "";
    byId("loudness").hidden = true;
    byId("details-said").textContent = byId("transcript-said").textContent = "";
    this.player.draw([]);
    this.take(await api.get(`/api/v1/items/${id}`), true);
    await this.transcript.open(api, id);
    await this.look();
  }

  close() {
    clearTimeout(this.timer);
    this.item = null;
    this.player.pause();
    this.player.load(null);
  }

  /** @param {any} item @param {boolean} isFresh whether the form is to show it */
  take(item, isFresh) {
    this.item = item;
    setText(byId("item-title"), item.title);
    setText(byId("item-state"), itemState(item));
    setText(byId("publish"), item.draft ? "Publish" : "Take back");
    byId("publish").classList.toggle("primary", item.draft);
    byId("player-panel").hidden = !item.recording_url;
    this.player.load(item.recording_url);
    const cover = byId("cover");
    cover.hidden = !item.artwork_url;
    if (item.artwork_url) cover.src = item.artwork_url;
    const form = byId("details");
    if (!isFresh) return;
    for (const name of FIELDS) form.elements[name].value = item[name];
    form.elements.tags.value = item.tags.join(", ");
    form.dataset.title = item.title;
  }

  /** How far it is, until nothing is left to be done. */
  async look() {
    const { api, item } = this;
    if (!api || !item) return;
    try {
      const response = await api.send("GET", `${this.path}/import`, { headers: this.etag ? { "If-None-Match": this.etag } : {} });
      if (this.item?.id !== item.id) return;
      if (response.status !== 304) await this.showImport(response);
      setText(byId("item-problem"), "");
    } catch (error) {
      setText(byId("item-problem"), /** @type {Error} */ (error).message);
    }
    if (this.item?.id === item.id && this.item.busy) this.timer = setTimeout(() => this.look(), LOOK_MS);
  }

  /** @param {Response} response */
  async showImport(response) {
    const { api, item } = this;
    const now = await response.json();
    this.etag = response.headers.get("ETag") ?? "";
    showSteps(byId("steps"), now.steps);
    setText(byId("steps-title"), now.busy ? "What is being done" : "What was done");
    byId("waits").hidden = !now.kept_waiting;
    byId("loudness").hidden = !now.loudness;
    if (now.loudness) showLoudness({ words: byId("loudness-words"), picture: byId("loudness-picture") }, now.loudness);
    this.player.draw(now.peaks);
    const fresh = await /** @type {import("./api.js").Api} */ (api).get(`/api/v1/items/${item.id}`);
    if (this.item?.id !== item.id) return;
    const isUntouched = byId("details").elements.title.value === byId("details").dataset.title;
    this.take({ ...fresh, busy: now.busy }, isUntouched && fresh.title !== item.title);
    if (fresh.transcript !== item.transcript && !this.transcript.isChanged) await this.transcript.load();
  }

  /** @param {Event} event */
  async saveDetails(event) {
    event.preventDefault();
    const form = byId("details");
    const fields = FIELDS.map((name) => [name, form.elements[name].value.trim()]);
    const tags = form.elements.tags.value.split(",").map((/** @type {string} */ tag) => tag.trim()).filter(Boolean);
    await this.change({ ...Object.fromEntries(fields), tags }, "Saved.");
  }

  /** @param {Record<string, unknown>} change @param {string} [done] */
  async change(change, done = "") {
    const id = this.item.id;
    try {
      const item = await /** @type {import("./api.js").Api} */ (this.api).patch(this.path, change);
      if (this.item?.id !== id) return;
      this.take(item, Boolean(done));
      setText(byId("details-said"), done);
      clearTimeout(this.timer);
      await this.look();
    } catch (error) {
      setText(byId(done ? "details-said" : "item-problem"), /** @type {Error} */ (error).message);
    }
  }

  /** @param {HTMLInputElement} input */
  async savePicture(input) {
    const [file] = input.files ?? [];
    if (!file) return;
    try {
      await /** @type {import("./api.js").Api} */ (this.api).send("PUT", `${this.path}/artwork`, { headers: { "Content-Type": file.type }, body: file });
      setText(byId("details-said"), "The picture has been taken; a small one is being made.");
      this.item.busy = true;
      this.etag = "";
      await this.look();
    } catch (error) {
      setText(byId("details-said"), /** @type {Error} */ (error).message);
    }
    input.value = "";
  }

  async remove() {
    byId("remove-dialog").close();
    try {
      await /** @type {import("./api.js").Api} */ (this.api).send("DELETE", this.path);
      this.close();
      this.onRemoved();
    } catch (error) {
      setText(byId("item-problem"), /** @type {Error} */ (error).message);
    }
  }
}
