/** "Find the moment": where in the item something is said, and playing from a sentence before it. */

import { element, roving, setText } from "./dom.js";
import { icon } from "./icons.js";
import { entry } from "./lines.js";

const TYPING_MS = 350;

/** Words that a reader looks for, not those between them. */
const LETTERS = 3;

export class Finder {
  #asked = "";
  #answered = "";
  #timer = 0;

  /**
   * @param {(text: string) => Promise<import("./item.js").Line[]>} find
   * @param {(start: number) => void} open
   */
  constructor(find, open) {
    this.find = find;
    this.field = element("input", {
      type: "search",
      class: "query",
      "aria-label": "Find the moment",
      placeholder: "What is it about?",
      autocomplete: "off",
      enterkeyhint: "search",
      maxlength: 200,
      oninput: () => {
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => this.search(this.field.value), TYPING_MS);
      },
      onkeydown: (/** @type {KeyboardEvent} */ event) => {
        if (event.key !== "ArrowDown" || !this.first) return;
        event.preventDefault();
        this.first.focus();
      },
    });
    this.remark = element("p", { class: "remark", role: "status" });
    this.list = element("ol", { class: "lines", "aria-label": "Moments found" });
    const submit = element("button", { class: "small", type: "submit" }, "Find");
    const form = element("form", { role: "search", class: "find" }, icon("search"), this.field, submit);
    form.addEventListener("submit", async (/** @type {Event} */ event) => {
      event.preventDefault();
      const text = this.field.value.trim();
      if (text && text === this.#answered && this.first) this.first.click();
      else await this.search(text);
    });
    this.node = element("div", { class: "scroll" }, form, this.remark, this.list);
    roving(this.list);
    this.list.addEventListener("click", (/** @type {Event} */ event) => {
      const button = /** @type {HTMLElement} */ (event.target).closest("button");
      if (button) open(Number(button.dataset.start));
    });
  }

  /** @returns {HTMLButtonElement | null} */
  get first() {
    return this.list.querySelector("button");
  }

  clear() {
    this.#asked = this.#answered = this.field.value = "";
    setText(this.remark, "");
    this.list.replaceChildren();
  }

  /** @param {string} wanted @returns {Promise<import("./item.js").Line[]>} best first */
  async search(wanted) {
    clearTimeout(this.#timer);
    const text = wanted.trim();
    if (this.field.value.trim() !== text) this.field.value = text;
    this.#asked = text;
    if (!text) {
      this.clear();
      return [];
    }
    try {
      const moments = await this.find(text);
      if (this.#asked === text) this.#show(text, moments);
      return moments;
    } catch (error) {
      if (this.#asked === text) setText(this.remark, /** @type {Error} */ (error).message);
      return [];
    }
  }

  /** @param {string} text @param {import("./item.js").Line[]} moments */
  #show(text, moments) {
    this.#answered = text;
    const many = moments.length === 1 ? "One moment" : `${moments.length} moments`;
    setText(this.remark, moments.length ? `${many}. Each plays from a sentence before.` : "Nothing is said about that here.");
    this.list.replaceChildren(
      ...moments.map((one, index) => element("li", {}, entry(one.start, one.speaker, marked(one.text, text), index === 0))),
    );
  }
}

/** A text with the words that were looked for marked. @param {string} text @param {string} wanted @returns {(Node | string)[]} */
function marked(text, wanted) {
  const stems = (wanted.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).filter((word) => word.length >= LETTERS).map(stem);
  const pieces = text.split(/([\p{L}\p{N}]+)/u);
  return pieces.map((piece) => (stems.includes(stem(piece.toLowerCase())) ? element("mark", {}, piece) : piece));
}

/** "Channels" is found by "channel". @param {string} word */
const stem = (word) => (word.length > LETTERS + 1 ? word.replace(/(ing|ed|es|s)$/, "") : word);
