/** The page behind the chat: other conversations, other devices, and what is kept here. */

import { element, setAttribute, setText } from "./dom.js";
import { when } from "./format.js";
import { icon } from "./icons.js";

/**
 * @typedef {{say: import("./wording.js").Say, language: string, open: (id: string) => void, begin: () => void,
 *   showCode: () => void, pair: (code: string) => Promise<void>, forget: () => void}} Desk
 */

export class ConversationsView {
  /** @param {Desk} desk */
  constructor(desk) {
    const { say } = (this.desk = desk);
    this.list = element("ul.conversations", { "aria-label": say("conversations") });
    this.code = element("input", { id: "pair-code", name: "code", autocomplete: "one-time-code", spellcheck: "false", maxlength: 12, "aria-describedby": "pair-error" });
    this.error = element("span.error", { id: "pair-error", role: "alert" });
    this.forget = element("button.link", { onclick: desk.forget }, say("forget"));
    this.node = element("div.page", { hidden: true },
      element("button.button.primary", { onclick: desk.begin }, icon("plus"), say("begin")),
      this.list,
      element("section.box.form",
        element("h3", say("elsewhere")),
        element("p.quiet", say("elsewhereHelp")),
        element("button.button.plain", { onclick: desk.showCode }, say("showCode")),
        element("form.field", { novalidate: true, onsubmit: (/** @type {Event} */ event) => this.#pair(event) },
          element("label", { for: "pair-code" }, say("enterCode")),
          element("div.pair", this.code, element("button", { type: "submit", class: "button plain" }, say("useCode"))),
          this.error),
      ),
      this.forget,
    );
  }

  /** @param {import("./chat.js").Entry[]} conversations @param {string | null} current @param {boolean} kept */
  show(conversations, current, kept) {
    const { say, language, open } = this.desk;
    this.forget.hidden = !kept;
    this.list.replaceChildren(...conversations.map(({ id, title, at, unread }) => {
      const about = [when(at, language, { dateStyle: "medium", timeStyle: "short" }), id === current && say("current")].filter(Boolean).join(" · ");
      const button = element("button", { onclick: () => open(id) },
        element("span.name", title || say("conversation")), element("span.quiet", about),
        unread > 0 && id !== current && element("span.badge", say("unread", { count: unread })));
      setAttribute(button, "aria-current", id === current && "true");
      return element("li", button);
    }));
  }

  /** @param {Event} event */
  async #pair(event) {
    event.preventDefault();
    const { say, pair } = this.desk;
    const code = this.code.value.trim();
    setAttribute(this.code, "aria-invalid", !code && "true");
    setText(this.error, code ? "" : say("codeMissing"));
    if (!code) return this.code.focus();
    try {
      await pair(code);
      this.code.value = "";
    } catch (problem) {
      setText(this.error, /** @type {Error} */ (problem).message || say("unreachable"));
      this.code.setAttribute("aria-invalid", "true");
    }
  }
}
