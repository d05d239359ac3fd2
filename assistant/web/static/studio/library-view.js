/** The creator's recordings, and those that are being sent. */

import { byId, element, setText } from "../design/dom.js";
import { length } from "../speaker/format.js";
import { itemState, size } from "./format.js";
import { Memory, Upload } from "./upload.js";

const LOOK_MS = 3000;
const STATES = { sending: "being sent", waiting: "trying again soon", paused: "paused", done: "sent", failed: "not sent", cancelled: "" };

export class LibraryView {
  constructor() {
    /** @type {import("./api.js").Api | null} */
    this.api = null;
    this.timer = 0;
    /** @type {string | null} */
    this.next = null;
    /** @type {any[]} */
    this.items = [];
    this.memory = new Memory(localStorage);
    /** @type {Map<Upload, HTMLElement>} */
    this.uploads = new Map();
    const drop = byId("drop");
    byId("file").addEventListener("change", (/** @type {any} */ event) => {
      this.send(event.target.files);
      event.target.value = "";
    });
    for (const name of ["dragenter", "dragover"]) drop.addEventListener(name, (/** @type {DragEvent} */ event) => this.hover(event, true));
    for (const name of ["dragleave", "drop"]) drop.addEventListener(name, (/** @type {DragEvent} */ event) => this.hover(event, false));
    drop.addEventListener("drop", (/** @type {DragEvent} */ event) => this.send(event.dataTransfer?.files ?? []));
    byId("more").addEventListener("click", () => this.load(this.next ?? ""));
  }

  /** Whether something is being sent that leaving the page would break off. */
  get isSending() {
    return [...this.uploads.keys()].some(({ state }) => state === "sending" || state === "waiting");
  }

  /** @param {import("./api.js").Api} api */
  async open(api) {
    this.api = api;
    this.items = [];
    await this.load("");
  }

  close() {
    clearTimeout(this.timer);
  }

  /** @param {string} before the last id that is shown, or nothing for the newest */
  async load(before) {
    clearTimeout(this.timer);
    const api = this.api;
    if (!api) return;
    try {
      const page = await api.get(`/api/v1/items?before=${encodeURIComponent(before)}`);
      if (api !== this.api) return;
      this.items = before ? [...this.items, ...page.items] : page.items;
      this.next = page.next;
      setText(byId("library-problem"), "");
      this.show();
      if (!before && page.items.some((/** @type {any} */ item) => item.busy)) this.timer = setTimeout(() => this.load(""), LOOK_MS);
    } catch (error) {
      setText(byId("library-problem"), /** @type {Error} */ (error).message);
    }
  }

  show() {
    byId("items").replaceChildren(...this.items.map(itemRow));
    byId("empty").hidden = this.items.length > 0 || this.uploads.size > 0;
    byId("more").hidden = !this.next;
  }

  /** @param {DragEvent} event @param {boolean} isOver */
  hover(event, isOver) {
    event.preventDefault();
    byId("drop").toggleAttribute("data-over", isOver);
  }

  /** @param {Iterable<File>} files */
  send(files) {
    for (const file of files) {
      const upload = new Upload(file, /** @type {import("./api.js").Api} */ (this.api), this.memory, (changed) => this.showUpload(changed));
      const row = element("li", { class: "upload panel", "data-testid": "upload" });
      this.uploads.set(upload, row);
      byId("uploads").append(row);
      byId("empty").hidden = true;
      upload.start();
    }
  }

  /** @param {Upload} upload */
  showUpload(upload) {
    const row = this.uploads.get(upload);
    if (!row) return;
    if (upload.state === "cancelled" || upload.state === "done") {
      row.remove();
      this.uploads.delete(upload);
      this.load("");
      return;
    }
    const isGoing = upload.state === "sending" || upload.state === "waiting";
    if (row.dataset.state !== upload.state) {
      row.dataset.state = upload.state;
      row.replaceChildren(
        element("strong", {}, upload.file.name),
        element("span", { class: "quiet-text" }),
        element("progress", { max: upload.file.size, value: upload.sent, "aria-label": `Sending ${upload.file.name}` }),
        element("div", { class: "actions" },
          element("button", { class: "button", type: "button", "data-testid": "upload-toggle", onclick: () => (isGoing ? upload.pause() : upload.start()) }, isGoing ? "Pause" : "Go on"),
          element("button", { class: "button", type: "button", onclick: () => upload.cancel() }, "Cancel"),
        ),
        element("p", { class: "problem", role: "alert" }, isGoing ? "" : upload.problem),
      );
    }
    const [, text, bar] = row.children;
    setText(text, `${size(upload.sent)} of ${size(upload.file.size)}, ${STATES[upload.state]}`);
    /** @type {HTMLProgressElement} */ (bar).value = upload.sent;
  }
}

/** @param {any} item */
function itemRow(item) {
  const about = [item.kind.replaceAll("_", " "), item.duration_ms ? length(item.duration_ms) : "", itemState(item)];
  return element("li", { class: "item-row panel", "data-testid": "item", "data-item": item.id, "data-busy": String(item.busy) },
    element("a", { href: `#${item.id}`, class: "card-title" }, item.title),
    element("span", { class: "card-meta" }, about.filter(Boolean).join(" · ")),
  );
}
