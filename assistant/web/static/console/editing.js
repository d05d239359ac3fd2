/**
 * Comfort for forms with parts that repeat (assistant/web/console/nested_form.py): parts are added, moved and removed
 * without leaving the page, the preview follows what is typed, parts can be dragged, and nothing unsaved is left by mistake.
 */

import { showPreview } from "./preview.js";

const WAIT_MS = 250;

/** @param {HTMLFormElement} form @param {string} asked */
function sent(form, asked) {
  const body = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (typeof value === "string") body.append(name, value);
  body.append("do", asked);
  return fetch(form.action, { method: "POST", body, headers: { accept: "text/html" } });
}

/** The page that was answered. @param {Response} response */
async function answered(response) {
  if (!response.ok) throw new Error(String(response.status));
  return new DOMParser().parseFromString(await response.text(), "text/html");
}

class Editor {
  #dirty = false;
  #due = 0;
  #asked = 0;

  /** @param {HTMLFormElement} form */
  constructor(form) {
    this.form = form;
    this.status = /** @type {HTMLElement} */ (document.getElementById("editor-status"));
    this.preview = showPreview();
    form.addEventListener("click", (event) => this.#click(event));
    form.addEventListener("input", () => this.#changed());
    form.addEventListener("submit", () => (this.#dirty = false));
    form.addEventListener("dragstart", (event) => this.#drag(event));
    form.addEventListener("dragover", (event) => this.#over(event));
    form.addEventListener("drop", (event) => this.#drop(event));
    window.addEventListener("beforeunload", (event) => this.#dirty && event.preventDefault());
    this.#dirty = form.dataset.unsaved === "true";
    this.#handles();
    for (const button of form.querySelectorAll("[data-without-script]")) /** @type {HTMLElement} */ (button).hidden = true;
    if (form.dataset.look !== undefined) this.#refresh(); // what takes too long for the page itself
  }

  #changed() {
    this.#dirty = true;
    clearTimeout(this.#due);
    this.#due = window.setTimeout(() => this.#refresh(), WAIT_MS);
  }

  async #refresh() {
    const number = ++this.#asked;
    try {
      const page = await answered(await sent(this.form, "preview"));
      if (number === this.#asked) this.#show(page);
    } catch {
      // Out of reach: the preview stays as it was.
    }
  }

  /** What stands beside the form. @param {Document} page */
  #show(page) {
    const data = page.getElementById("preview-data")?.textContent;
    if (data) this.preview?.show(JSON.parse(data));
    const outlook = page.getElementById("outlook");
    if (outlook) document.getElementById("outlook")?.replaceWith(document.adoptNode(outlook));
  }

  /** @param {MouseEvent} event */
  #click(event) {
    const button = /** @type {Element} */ (event.target).closest("button[name=do]");
    const asked = button instanceof HTMLButtonElement ? button.value : "";
    if (!asked.includes(":")) return;
    event.preventDefault();
    this.#change(asked, button?.getAttribute("data-said") ?? "Done.");
  }

  /** @param {string} asked @param {string} said */
  async #change(asked, said) {
    this.form.setAttribute("aria-busy", "true");
    try {
      const page = await answered(await sent(this.form, asked));
      const parts = page.getElementById("parts");
      if (!parts) throw new Error("not the page that was asked for");
      document.getElementById("parts")?.replaceWith(document.adoptNode(parts));
      this.#show(page);
      this.#handles();
      this.#dirty = true;
      this.status.textContent = said;
      this.#focus(asked.split(":")[0]);
    } catch {
      // Out of reach, or signed out: as without script.
      const button = /** @type {HTMLButtonElement} */ (document.createElement("button"));
      Object.assign(button, { name: "do", value: asked, hidden: true });
      this.form.append(button);
      this.#dirty = false;
      this.form.requestSubmit(button);
    } finally {
      this.form.removeAttribute("aria-busy");
    }
  }

  /** Parts are dragged by their titles. */
  #handles() {
    for (const title of this.form.querySelectorAll("[data-part] > legend")) /** @type {HTMLElement} */ (title).draggable = true;
  }

  /** To the part that was changed: into a new one, else on to the button that was pressed. @param {string} kind */
  #focus(kind) {
    const part = /** @type {HTMLElement | null} */ (this.form.querySelector("[data-focus]"));
    const button = (/** @type {string} */ what) => part?.querySelector(`button[value="${what}:${part.dataset.part}"]:not(:disabled)`);
    const first = part?.querySelector("input:not([type=hidden]), select, textarea");
    const moved = button(kind) ?? button(kind === "up" ? "down" : "up");
    /** @type {HTMLElement | null | undefined} */ (kind === "add" ? first : (moved ?? first))?.focus();
  }

  /** @param {DragEvent} event */
  #drag(event) {
    const part = /** @type {Element} */ (event.target).closest("[data-part]");
    if (part instanceof HTMLElement) event.dataTransfer?.setData("text/x-sori-part", part.dataset.part ?? "");
  }

  /** @param {DragEvent} event */
  #over(event) {
    if (event.dataTransfer?.types.includes("text/x-sori-part") && this.#part(event)) event.preventDefault();
  }

  /** @param {DragEvent} event */
  #drop(event) {
    const from = event.dataTransfer?.getData("text/x-sori-part") ?? "";
    const to = this.#part(event);
    const list = (/** @type {string} */ name) => name.slice(0, name.lastIndexOf("."));
    if (!from || !to || from === to || list(from) !== list(to)) return;
    event.preventDefault();
    this.#change(`move:${from}:${to.slice(to.lastIndexOf(".") + 1)}`, "Moved.");
  }

  /** @param {DragEvent} event */
  #part(event) {
    const part = /** @type {Element} */ (event.target).closest("[data-part]");
    return part instanceof HTMLElement ? part.dataset.part : undefined;
  }
}

for (const form of document.querySelectorAll("form[data-editor]")) new Editor(/** @type {HTMLFormElement} */ (form));
