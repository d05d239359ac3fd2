/** The window of the chat: its head, what is in the way, the conversation, and where one writes. */

import { element, setText } from "./dom.js";
import { draw, icon } from "./icons.js";
import { menuView } from "./menu-view.js";

/**
 * @typedef {{
 *   close: () => void, list: () => void, cart: () => void, person: () => void, back: () => void, aloud: () => void,
 *   retry: () => void, consent: (yes: boolean) => void, desk: import("./product-view.js").Desk,
 * }} Commands
 */

export class Panel {
  /** @param {import("./wording.js").Say} say @param {Commands} give @param {{log: HTMLElement, composer: HTMLElement, page: HTMLElement}} parts */
  constructor(say, give, { log, composer, page }) {
    this.say = say;
    this.page = page;
    const button = (/** @type {string} */ name, /** @type {any} */ shape, /** @type {() => void} */ press) =>
      element("button.icon-button", { part: "button", title: say(name), onclick: press }, icon(shape));
    this.title = element("h2", { id: "title" });
    this.state = element("p.state", { id: "state" });
    this.list = button("conversations", "list", give.list);
    this.count = element("span.count", { "aria-hidden": "true", hidden: true });
    this.cart = button("cart", "cart", give.cart);
    this.cart.append(this.count);
    this.closing = button("close", "close", give.close);
    this.head = element("div.head", { part: "head" }, this.list,
      element("div.names", this.title, this.state), this.cart, this.closing);

    this.bannerText = element("p");
    this.bannerButton = element("button.link");
    this.banner = element("div.banner", { hidden: true }, icon("alert"), this.bannerText, this.bannerButton);

    this.privacy = element("a.link", { target: "_blank", rel: "noopener", hidden: true }, say("privacy"));
    this.consent = element("div.consent", { role: "group", hidden: true, "aria-label": say("privacy") }, element("p", say("consent")),
      element("div.buttons",
        element("button.button.primary", { onclick: () => give.consent(true) }, say("consentYes")),
        element("button.button.plain", { onclick: () => give.consent(false) }, say("consentNo"))));
    this.person = element("button.link", { onclick: () => (this.held ? give.back() : give.person()) }, icon("person"), element("span", say("person")));
    this.held = false;
    this.aloud = element("button.link", { "aria-pressed": "false", onclick: give.aloud }, icon("quiet"), element("span", say("aloud")));
    this.menu = element("div.bottom", { hidden: true });
    this.chat = element("div.page.chat", log, this.consent, this.menu, composer,
      element("div.foot", this.person, this.aloud, this.privacy));
    this.said = element("p.unseen", { role: "status" });
    this.node = element("dialog.panel", { part: "panel", "aria-labelledby": "title", "aria-describedby": "state" },
      this.head, this.banner, this.chat, page, this.said);
    this.greeting = element("div.greeting", { hidden: true });
    this.give = give;
  }

  /** @param {string} href */
  setPrivacy(href) {
    this.privacy.hidden = !href;
    if (href) this.privacy.href = href;
  }

  /**
   * @param {import("./chat.js").Chat} chat
   * @param {{listing: boolean, asking: boolean, notice: string}} now `asking` for consent, `notice` something to be said once
   */
  show(chat, { listing, asking, notice }) {
    const { say } = this;
    const { conversation, shop, line, cart } = chat;
    setText(this.title, listing ? say("conversations") : (shop?.name ?? say("shop")));
    setText(this.state, this.#state(chat));
    this.state.hidden = listing;
    const { state = conversation.state } = this.node.dataset;
    this.node.dataset.state = conversation.state;
    if (state !== conversation.state) this.announce(this.state.textContent ?? "");
    this.node.dataset.line = line;
    this.page.hidden = !listing;
    this.chat.hidden = listing;
    draw(this.list, listing ? "left" : "list");
    this.list.title = say(listing ? "backToChat" : "conversations");
    this.cart.hidden = listing || !cart;
    this.count.hidden = !cart;
    setText(this.count, String(cart));
    this.cart.title = say("cartButton", { count: cart });
    this.consent.hidden = !asking;
    this.held = ["waiting", "agent"].includes(conversation.state);
    setText(/** @type {Element} */ (this.person.lastElementChild), say(this.held ? "back" : "person"));
    const aloud = Boolean(chat.keeping.get("aloud"));
    this.aloud.setAttribute("aria-pressed", String(aloud));
    draw(this.aloud, aloud ? "loud" : "quiet");
    this.#showBanner(chat, notice);
    this.#greet(chat);
  }

  /** Says something to who does not see it. @param {string} text */
  announce(text) {
    this.said.textContent = "";
    requestAnimationFrame(() => setText(this.said, text));
  }

  /** @param {import("./chat.js").Chat} chat */
  #state({ conversation: { state, agent }, line }) {
    const { say } = this;
    if (line !== "ready") return line === "idle" || line === "connecting" ? say("connecting") : "";
    if (state === "agent") return say("agent", { name: agent || say("aPerson") });
    if (state === "waiting") return say("waiting");
    return say("ready");
  }

  /** @param {import("./chat.js").Chat} chat @param {string} notice */
  #showBanner({ line, refusal, connection }, notice) {
    const { say } = this;
    const away = line === "lost" || (line === "connecting" && connection.failures > 0);
    const text = line === "refused" ? refusal || say("failed") : away ? say(navigator.onLine ? "unreachable" : "offline") : notice;
    if (text && text !== this.bannerText.textContent) this.announce(text);
    setText(this.bannerText, text);
    this.banner.hidden = !text;
    this.banner.dataset.tone = line === "refused" || away ? "bad" : "calm";
    const trying = line === "refused" || away;
    this.bannerButton.hidden = !trying;
    setText(this.bannerButton, say("retry"));
    this.bannerButton.onclick = () => this.give.retry();
  }

  /** What stands there before anything was said. @param {import("./chat.js").Chat} chat */
  #greet({ shop, conversation }) {
    const empty = !conversation.messages.length && !conversation.outbox.length;
    this.greeting.hidden = !shop || !empty;
    if (!shop || shop === this.shown) return;
    const { desk } = this.give;
    this.shown = shop;
    const { menu } = shop;
    this.menu.hidden = !menu?.length;
    this.menu.replaceChildren(...(menu?.length ? [menuView(menu, this.say("menu"), desk)] : []));
    this.greeting.replaceChildren(
      element("span.sign", icon("chat")),
      element("p.hello", shop.greeting || this.say("placeholder")),
      element("div.replies", ...(shop.suggestions ?? []).map((text) =>
        element("button.chip", { onclick: () => desk.ask(text) }, text))),
    );
  }
}
