/** The two dialogs: sharing from a time, and the keys. */

import { clock, element, setText } from "./dom.js";
import { icon } from "./icons.js";
import { from } from "./item.js";
import { KEYS } from "./keys.js";

/** What an embedded player needs, as the service's oEmbed answers have it: room in pixels, and an origin of its own. */
const HEIGHT = { audio: 420, video: 640 };
const ALLOW = "autoplay; clipboard-write; fullscreen";
const SANDBOX = "allow-scripts allow-same-origin allow-popups allow-popups-to-escape-sandbox";

export class Share {
  /** @param {(text: string) => void} say */
  constructor(say) {
    this.say = say;
    this.at = element("input", { type: "checkbox", checked: true, onchange: () => this.#write() });
    this.atText = element("span");
    this.link = element("input", { type: "text", readonly: true, "aria-label": "Link" });
    this.code = element("textarea", { rows: 3, readonly: true, "aria-label": "Code to embed", spellcheck: "false" });
    this.node = dialog("Share", [
      element("label", { class: "check" }, this.at, this.atText),
      element("div", { class: "copy" }, this.link, this.#button("Copy link", this.link)),
      element("div", { class: "copy" }, this.code, this.#button("Copy code", this.code)),
    ]);
    this.position = 0;
  }

  /** @param {import("./item.js").Item} item @param {number} position milliseconds */
  open(item, position) {
    this.item = item;
    this.position = position;
    setText(this.atText, `Begin at ${clock(position)}`);
    this.#write();
    this.node.showModal();
  }

  #write() {
    if (!this.item) return;
    const { page, embed, title, medium } = this.item;
    const time = this.at.checked ? this.position : 0;
    this.link.value = from(page, time);
    const frame = element("iframe", {
      src: from(embed, time), title, width: "100%", height: HEIGHT[medium], allow: ALLOW, sandbox: SANDBOX, loading: "lazy",
    });
    frame.style.border = "0";
    this.code.value = new XMLSerializer().serializeToString(frame).replace(' xmlns="http://www.w3.org/1999/xhtml"', "");
  }

  /** @param {string} label @param {HTMLInputElement | HTMLTextAreaElement} field */
  #button(label, field) {
    const copy = async () => {
      field.select();
      try {
        await navigator.clipboard.writeText(field.value);
        this.say("Copied.");
        setText(button, "Copied");
        setTimeout(() => setText(button, label), 1500);
      } catch {
        this.say("Press Ctrl and C to copy."); // The frame around may not use the clipboard; the text is selected.
      }
    };
    const button = element("button", { class: "small", type: "button", onclick: copy }, label);
    return button;
  }
}

/** @returns {HTMLDialogElement} */
export const help = () =>
  dialog("Keys", [
    element("dl", { class: "keys" }, ...KEYS.flatMap(({ names, does }) => [
      element("dt", {}, ...names.map((name) => element("kbd", {}, name))),
      element("dd", {}, does),
    ])),
  ]);

/** @param {string} title @param {Node[]} content @returns {HTMLDialogElement} */
function dialog(title, content) {
  const closing = { class: "icon-button", type: "button", "aria-label": "Close", onclick: () => node.close() };
  const top = element("div", { class: "dialog-top" }, element("h2", {}, title), element("button", closing, icon("close")));
  const node = element("dialog", { "aria-label": title }, top, ...content);
  node.addEventListener("click", (/** @type {Event} */ event) => event.target === node && node.close());
  return node;
}
