/** The text of a recording, sentence by sentence, to be corrected; a hundred at a time, however long it is. */

import { byId, element, setText } from "../design/dom.js";
import { clock } from "../speaker/format.js";
import { ApiError } from "./api.js";

const PAGE = 100;
const ORIGINS = {
  recognised: "Written down by the recogniser: expect mistakes. Listen to a sentence, and correct it.",
  given: "From the captions that came with it.",
  corrected: "Corrected by you. Nothing overwrites it.",
};

/** @typedef {{start_ms: number, end_ms: number, speaker: string, text: string}} Segment */

export class TranscriptView {
  /** @param {import("./player.js").Player} player */
  constructor(player) {
    this.player = player;
    /** @type {import("./api.js").Api | null} */
    this.api = null;
    this.path = "";
    this.etag = "";
    this.language = "";
    /** @type {Segment[]} */
    this.segments = [];
    this.first = 0;
    this.isChanged = false;
    byId("save-transcript").addEventListener("click", () => this.save());
    byId("reload-transcript").addEventListener("click", () => this.load());
    byId("download-vtt").addEventListener("click", () => this.download());
    byId("captions").addEventListener("change", (/** @type {any} */ event) => this.replace(event.target));
    byId("earlier").addEventListener("click", () => this.turn(-PAGE));
    byId("later").addEventListener("click", () => this.turn(PAGE));
  }

  /** @param {import("./api.js").Api} api @param {string} item */
  open(api, item) {
    this.api = api;
    this.path = `/api/v1/items/${item}/transcript`;
    this.etag = "";
    this.first = 0;
    this.isChanged = false;
    return this.load();
  }

  async load() {
    const path = this.path;
    const response = await /** @type {import("./api.js").Api} */ (this.api).send("GET", path);
    const said = await response.json();
    if (path === this.path) this.take(response, said);
  }

  /** @param {Response} response @param {{language: string, segments: Segment[], origin: keyof typeof ORIGINS | null}} said */
  take(response, said) {
    this.etag = response.headers.get("ETag") ?? "";
    this.language = said.language;
    this.segments = said.segments;
    this.first = Math.min(this.first, Math.max(0, said.segments.length - 1));
    setText(byId("transcript-origin"), said.origin ? ORIGINS[said.origin] : "Nothing is written down yet. It comes by itself, or from a captions file of yours.");
    byId("reload-transcript").hidden = true;
    byId("download-vtt").hidden = !said.segments.length;
    this.changed(false);
    this.show();
  }

  /** @param {boolean} isChanged */
  changed(isChanged) {
    this.isChanged = isChanged;
    byId("save-transcript").disabled = !isChanged;
  }

  /** @param {number} by */
  turn(by) {
    this.first = Math.max(0, this.first + by);
    this.show();
    byId("segments").querySelector("textarea")?.focus();
  }

  show() {
    const last = Math.min(this.segments.length, this.first + PAGE);
    byId("segments").replaceChildren(...this.segments.slice(this.first, last).map((segment) => this.row(segment)));
    byId("pager").hidden = this.segments.length <= PAGE;
    byId("earlier").disabled = this.first === 0;
    byId("later").disabled = last === this.segments.length;
    setText(byId("page-range"), `${this.first + 1} to ${last} of ${this.segments.length}`);
  }

  /** @param {Segment} segment */
  row(segment) {
    const at = clock(segment.start_ms);
    const edit = (/** @type {"speaker" | "text"} */ field) => (/** @type {any} */ event) => {
      segment[field] = event.target.value;
      this.changed(true);
    };
    const text = element("textarea", { rows: 1, "aria-label": `What is said at ${at}`, "data-testid": "segment-text", oninput: edit("text"), onkeydown: (event) => this.keyed(event, segment) });
    /** @type {HTMLTextAreaElement} */ (text).value = segment.text;
    return element("li", { "data-start": segment.start_ms, "data-end": segment.end_ms },
      element("button", { class: "time-button", type: "button", "aria-label": `Play the sentence at ${at}`, "data-testid": "segment-play", onclick: () => this.player.playFrom(segment.start_ms, segment.end_ms) }, at),
      element("input", { class: "speaker", value: segment.speaker, placeholder: "Who", maxlength: 200, "aria-label": `Who speaks at ${at}`, oninput: edit("speaker") }),
      text,
    );
  }

  /** Ctrl-Enter plays the sentence that is being corrected, Ctrl-S saves. @param {KeyboardEvent} event @param {Segment} segment */
  keyed(event, segment) {
    if (!(event.ctrlKey || event.metaKey)) return;
    if (event.key === "Enter") this.player.playFrom(segment.start_ms, segment.end_ms);
    else if (event.key === "s") this.save();
    else return;
    event.preventDefault();
  }

  /** Marks the sentence that is being heard. @param {number} ms */
  mark(ms) {
    for (const row of byId("segments").children) {
      row.toggleAttribute("data-heard", Number(row.dataset.start) <= ms && ms < Number(row.dataset.end));
    }
  }

  async save() {
    if (!this.isChanged) return;
    const segments = this.segments.filter((segment) => segment.text.trim()).map((segment) => ({
      ...segment,
      speaker: segment.speaker.trim().replace(/\s+/g, " "),
      text: segment.text.trim().replace(/\s+/g, " "),
    }));
    const body = JSON.stringify({ language: this.language, segments });
    await this.put(body, "application/json", this.etag, "Saved.");
  }

  /** @param {HTMLInputElement} input */
  async replace(input) {
    const [file] = input.files ?? [];
    if (!file) return;
    await this.put(file, file.type || "text/plain", this.etag, "The captions have been taken.");
    input.value = "";
  }

  /** @param {BodyInit} body @param {string} type @param {string} etag @param {string} done */
  async put(body, type, etag, done) {
    try {
      const response = await /** @type {import("./api.js").Api} */ (this.api).send("PUT", this.path, { headers: { "Content-Type": type, "If-Match": etag }, body });
      const said = await response.json();
      this.take(response, said);
      setText(byId("transcript-said"), said.repairs ? `${done} ${said.repairs} things in them were put right.` : done);
    } catch (error) {
      const isOld = error instanceof ApiError && error.status === 412;
      byId("reload-transcript").hidden = !isOld;
      setText(byId("transcript-said"), isOld ? "Somebody else has changed the text meanwhile, so yours is not saved. Copy what you need, then load the newer text." : String(/** @type {Error} */ (error).message));
    }
  }

  async download() {
    const response = await /** @type {import("./api.js").Api} */ (this.api).send("GET", `${this.path}?format=vtt`);
    const url = URL.createObjectURL(await response.blob());
    const link = /** @type {HTMLAnchorElement} */ (element("a", { href: url, download: "captions.vtt" }));
    link.click();
    URL.revokeObjectURL(url);
  }
}
