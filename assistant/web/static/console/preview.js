/**
 * The preview of what is being edited, drawn by the widget's own code: a phone with the shop's chat in it.
 * @typedef {{shop: {name: string, greeting: string, suggestions: string[]}, accent: string, language: string, state: string,
 *   messages: import("../chat/conversation.js").Message[], menu: MenuItem[], menu_open: boolean}} Shown
 * @typedef {{label: string, tap?: {name: string, values: {does: string}}, items?: MenuItem[]}} MenuItem
 */

import { element, setText } from "../chat/dom.js";
import { icon } from "../chat/icons.js";
import { menuView } from "../chat/menu-view.js";
import { messageView } from "../chat/message-view.js";
import { sheet } from "../chat/styles.js";
import { Wording } from "../chat/wording.js";

const FRAME = `
.names h3 { overflow: hidden; font-weight: 600; line-height: 1.3; text-overflow: ellipsis; white-space: nowrap; }
.log { scrollbar-width: thin; }
`;

export class Preview {
  /** @param {HTMLElement} host gets a shadow root @param {HTMLElement} told says what a tap would do */
  constructor(host, told) {
    this.host = host;
    this.told = told;
    this.wording = new Wording();
    this.root = host.attachShadow({ mode: "open" });
    const frame = new CSSStyleSheet();
    frame.replaceSync(FRAME);
    this.root.adoptedStyleSheets = [sheet(), frame];
    host.replaceChildren();
    host.setAttribute("fill", "");
  }

  /** @param {Shown} shown */
  show({ shop, accent, language, state, messages, menu, menu_open }) {
    const { say } = this.wording;
    this.host.style.setProperty("--sori-accent", accent || "");
    if (!accent) this.host.style.removeProperty("--sori-accent");
    const tell = (/** @type {string} */ text) => setText(this.told, text);
    const desk = {
      say, language, service: location.origin,
      announce: () => {},
      tap: (/** @type {any} */ tap, /** @type {string} */ label) => tell(`“${label}”: ${tap.values.does}`),
      ask: (/** @type {string} */ text) => tell(`In the chat, the customer says “${text}”.`),
      rate: () => {},
      again: () => {},
      assistant: () => say("assistant"),
    };
    const greeting = shop.greeting && element("div.greeting", element("span.sign", icon("chat")), element("p.hello", shop.greeting),
      element("div.replies", ...shop.suggestions.map((text) => element("button.chip", { onclick: () => desk.ask(text) }, text))));
    const views = messages.map((message) => messageView(message, desk));
    for (const rating of views.flatMap((view) => [...view.querySelectorAll(".rating")])) rating.remove();
    const below = menu.length ? menuView(menu, say("menu"), desk) : null;
    for (const level of below && menu_open ? [below, ...below.querySelectorAll("details")] : []) level.open = true;
    const log = element("div.log", { tabindex: 0, role: "group", "aria-label": "What is shown" }, greeting, element("div.list", ...views));
    this.root.replaceChildren(element("div.around", { lang: language },
      element("div.panel", { open: true, "data-state": state },
        element("div.head", icon("list"), element("div.names", element("h3", shop.name), element("p.state", say("ready"))), icon("close")),
        element("div.page.chat", log, below && element("div.bottom", below), element("p.composer.quiet", say("placeholder"))))));
    if (messages.length) log.scrollTop = log.scrollHeight;
  }
}

/** Puts the preview that the page describes into its place, with the choice of its colours. @returns {Preview | null} */
export function showPreview() {
  const host = document.getElementById("preview");
  const data = document.getElementById("preview-data")?.textContent;
  const told = document.getElementById("preview-told");
  const themes = document.getElementById("preview-themes");
  if (!host || !data || !told || !themes) return null;
  const preview = new Preview(host, told);
  preview.show(JSON.parse(data));
  themes.hidden = false;
  themes.addEventListener("change", (event) => {
    const { value } = /** @type {HTMLInputElement} */ (event.target);
    if (value) host.setAttribute("theme", value);
    else host.removeAttribute("theme");
  });
  return preview;
}
