/**
 * `<sori-chat store="...">`: a shop's assistant on any page. Attributes, properties, methods, events and colours:
 * docs/widget.md. Pages load this module in one piece (assistant/web/widget.py); as it stands here, it works as well.
 */

import { sheet } from "./styles.js";
import { Wording } from "./wording.js";
import { icon } from "./icons.js";
import { Chat } from "./chat.js";
import { Composer } from "./composer.js";
import { ConversationsView } from "./conversations-view.js";
import { element, setAttribute, setText } from "./dom.js";
import { Keeping } from "./keeping.js";
import { productOf, safe } from "./links.js";
import { LogView } from "./log-view.js";
import { Nudges } from "./nudges.js";
import { nameOf } from "./message-view.js";
import { Panel } from "./panel.js";
import { ChatWindow } from "./window.js";

const VERSION = "0.1.0";

export class SoriChat extends HTMLElement {

  #wording = new Wording();
  /** @type {Partial<import("./chat.js").Page>} */
  #page = {};
  #built = false;
  #listing = false;
  /** The shopper has answered whether something may be kept here. */
  #asked = false;
  #notice = "";
  #due = false;
  #olderAsked = false;

  constructor() {
    super();
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [sheet()];
  }

  async connectedCallback() {
    setAttribute(this, "version", VERSION);
    if (this.#built && this.isOpen) this.chat.start(); // it was only moved
    if (this.#built || !this.store) return;
    this.#built = true;
    await this.#wording.load(this.language).catch(() => {}); // English then
    this.#build();
    this.#emit("sori-ready", { version: VERSION });
    this.#expect();
    if (this.fill || this.keeping.get("open")) this.open();
    else if (this.keeping.get("session")) this.chat.start();
  }

  disconnectedCallback() {
    this.nudges?.stop();
    this.chat?.stop();
  }

  #build() {
    const { say, language, direction } = this.#wording;
    const service = this.service;
    this.keeping = new Keeping(this.store, this.consent);
    this.chat = new Chat(
      { origin: service, shop: this.store, keeping: this.keeping, page: () => this.#pageNow(), language: () => this.language },
      {
        changed: () => this.#changed(),
        arrived: (message) => this.#arrived(message),
        looking: () => this.isOpen && !document.hidden,
        event: (name, detail) => this.#emit(name, detail),
      },
    );
    const { chat } = this;
    const desk = {
      say, language, service,
      announce: (/** @type {string} */ text) => this.panel.announce(text),
      tap: (/** @type {any} */ tap, /** @type {string} */ label, secret = false) => this.#do(() => chat.tap(tap, label, secret)),
      ask: (/** @type {string} */ text) => this.#do(() => chat.send(text)),
      rate: (/** @type {number} */ seq, /** @type {any} */ value) => chat.rate(seq, value),
      again: (/** @type {string} */ id) => chat.again(id),
      assistant: () => say("assistant"),
    };
    this.desk = desk;
    this.log = new LogView(desk, () => this.#older());
    this.composer = new Composer(say, {
      send: (text, how) => this.#do(() => chat.send(text, how)),
      draft: (text) => this.keeping.set("draft", text),
      transcribe: (recording) => chat.service.transcribe(recording),
      problem: (text, code) => {
        this.#say(text);
        this.#emit("sori-error", { code, message: text });
      },
    });
    this.conversations = new ConversationsView({
      say, language,
      open: (id) => this.#leaveList(() => id !== chat.conversation.id && chat.open(id)),
      begin: () => this.#leaveList(() => chat.begin()),
      showCode: () => this.#leaveList(() => chat.tap({ name: "person.phone", values: {} }, say("elsewhere"))),
      pair: async (code) => {
        await chat.pair(code);
        this.#leaveList(() => {});
      },
      forget: () => this.#leaveList(() => {
        this.#asked = false;
        chat.forget();
        this.#say(say("forgotten"));
      }),
    });
    this.panel = new Panel(say, {
      close: () => this.close(),
      list: () => this.#list(!this.#listing),
      cart: () => desk.tap({ name: "cart.show", values: {} }, say("cart")),
      person: () => desk.tap({ name: "person.ask", values: {} }, say("person")),
      back: () => desk.tap({ name: "person.leave", values: {} }, say("back")),
      aloud: () => {
        const on = !this.keeping.get("aloud");
        chat.setAloud(on);
        this.panel.announce(say(on ? "aloudOn" : "aloudOff"));
      },
      retry: () => chat.reach(),
      consent: (yes) => {
        this.#asked = true;
        if (yes) this.keeping.allow();
        this.composer.focus();
        this.#changed();
      },
      desk,
    }, { log: this.log.node, composer: this.composer.node, page: this.conversations.node });
    this.panel.setPrivacy(safe(this.getAttribute("privacy"), document.baseURI));
    this.log.start.append(this.panel.greeting);
    this.badge = element("span.badge", { "aria-hidden": "true", hidden: true });
    this.launcher = element("button.launcher", { part: "launcher", "aria-haspopup": "dialog", onclick: () => this.open() }, icon("chat"), this.badge);
    this.nudges = new Nudges(desk, () => this.open(), this.launcher);
    this.told = element("p.unseen", { role: "status" });
    this.window = new ChatWindow(this.panel.node, this.launcher, () => this.composer.cancelVoice() || this.close());
    this.window.fill = this.fill;
    this.launcher.hidden = this.fill;
    this.composer.text = this.keeping.get("draft") ?? "";
    const around = element("div.around", { lang: language, dir: this.hasAttribute("dir") || direction === "ltr" ? null : direction }, this.nudges.node, this.launcher, this.told, this.panel.node);
    this.shadowRoot?.append(around);
    this.#render();
  }

  get store() {
    return this.getAttribute("store") ?? "";
  }

  /** The address of the service; where this module came from unless the attribute says otherwise. */
  get service() {
    return new URL(this.getAttribute("service") || import.meta.url, document.baseURI).origin;
  }

  get version() {
    return VERSION;
  }

  /** Of the chat's own words. */
  get language() {
    const said = this.getAttribute("language") ?? "";
    return /^[a-z]{2}(-[A-Z]{2})?$/.test(said) ? said : "en";
  }

  /** Fills the box around it, without a launcher. */
  get fill() {
    return this.hasAttribute("fill");
  }

  /** @returns {import("./keeping.js").Consent} */
  get consent() {
    const said = this.getAttribute("consent");
    return said === "none" || said === "granted" ? said : "ask";
  }

  get isOpen() {
    return Boolean(this.window?.open);
  }

  /** Messages that have come while the chat was closed. */
  get unread() {
    return this.chat?.unread ?? 0;
  }

  open() {
    if (!this.chat || this.isOpen) return;
    if (this.consent === "granted" && !this.fill) this.keeping.allow();
    this.nudges.stop();
    this.chat.start();
    this.window.show(this.composer.field);
    this.keeping.set("open", true);
    this.#render();
    this.log.node.scrollTop = this.log.node.scrollHeight;
    this.#emit("sori-open", {});
  }

  close() {
    if (!this.isOpen || this.fill) return;
    this.composer.cancelVoice();
    this.chat.aloud.stop();
    this.window.close();
    this.keeping.set("open", false);
    this.#render();
    this.#emit("sori-close", {});
  }

  /** Says something as the shopper. @param {string} text */
  send(text) {
    if (this.chat) this.#do(() => this.chat.send(String(text)));
  }

  /**
   * Does what one of the chat's own buttons would do; `label` stands for it in the conversation.
   * @param {string} name @param {Record<string, string | number | boolean | string[]>} values @param {string} label
   */
  tap(name, values, label) {
    if (this.chat) this.#do(() => this.chat.tap({ name, values }, String(label)));
  }

  /** Opens the chat and listens. */
  startVoice() {
    this.open();
    return this.composer?.startVoice();
  }

  /** Who the shopper is: a token that the shop's own site has signed; null for nobody. @param {string | null} token */
  setIdentity(token) {
    this.chat?.identify(token);
  }

  /** What is on the page: goes with each message from now on. @param {Partial<import("./chat.js").Page>} page */
  setPage(page) {
    this.#page = { ...page };
    this.#expect();
  }

  /** @returns {import("./chat.js").Page} */
  #pageNow() {
    const canonical = /** @type {HTMLLinkElement | null} */ (document.querySelector("link[rel=canonical]"));
    const url = canonical?.href || location.origin + location.pathname; // without what a query may tell of a person
    const page = { url: url.slice(0, 2000), title: document.title.slice(0, 200), product: this.getAttribute("product") || productOf(document), ...this.#page };
    return /^[\w.:-]{1,120}$/.test(page.product ?? "") ? page : { ...page, product: null }; // none of a catalogue's
  }

  /** Waits for what the shop says by itself on this page, to whoever may be remembered. */
  async #expect() {
    const { chat, keeping, consent } = this;
    this.nudges?.stop();
    if (!chat || this.fill || !(keeping.allowed || consent === "granted")) return;
    const messages = await chat.service.proactive(this.#pageNow(), this.language).catch(() => []);
    this.nudges.start(messages, ({ id, every_s, text }) => {
      if (this.isOpen) return false;
      keeping.allow();
      const may = keeping.once(id, every_s);
      if (may) setText(this.told, text);
      return may;
    });
  }

  /** What a shopper does. @param {() => void} act */
  #do(act) {
    if (this.consent === "granted") this.keeping.allow();
    this.#notice = "";
    act();
  }

  /** @param {string} text a notice over the conversation, until something else is done */
  #say(text) {
    this.#notice = text;
    this.#changed();
  }

  /** @param {boolean} listing */
  #list(listing) {
    this.#listing = listing;
    this.#render();
    if (!listing) this.composer.focus();
  }

  /** @param {() => void} act */
  #leaveList(act) {
    this.#list(false);
    act();
  }

  async #older() {
    if (this.#olderAsked) return;
    this.#olderAsked = true;
    await this.chat.older().catch((problem) => this.#emit("sori-error", { code: problem.code, message: problem.message }));
    this.#olderAsked = false;
  }

  /** @param {import("./conversation.js").Message} message */
  #arrived(message) {
    const { say } = this.#wording;
    const { text, shop } = message;
    const products = shop?.products?.length ? say("withProducts", { count: shop.products.length }) : "";
    const said = message.from === "note" ? text : say("saidWith", { name: nameOf(message, this.desk), text });
    if (this.isOpen) this.panel.announce(`${said} ${products}`.trim());
    else setText(this.told, said);
  }

  /** Shows what has changed, once for all that changes together. */
  #changed() {
    if (this.#due) return;
    this.#due = true;
    queueMicrotask(() => {
      this.#due = false;
      this.#render();
    });
  }

  #render() {
    const { chat, panel, isOpen } = this;
    if (!panel) return;
    const { say } = this.#wording;
    if (isOpen) {
      const asking = this.consent === "ask" && !this.keeping.allowed && !this.#asked && chat.conversation.messages.length > 0;
      panel.show(chat, { listing: this.#listing, asking, notice: this.#notice });
      this.log.show(chat.conversation);
      if (this.#listing) this.conversations.show(chat.conversations, chat.conversation.id, this.keeping.allowed);
      if (!document.hidden && !this.#listing) chat.read();
    }
    const { unread } = chat;
    this.badge.hidden = !unread;
    setText(this.badge, unread > 99 ? "99+" : String(unread));
    setAttribute(this.launcher, "aria-label", unread ? say("openUnread", { count: unread }) : say("open"));
  }

  /** @param {string} name @param {object} detail */
  #emit(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }
}

if (!customElements.get("sori-chat")) customElements.define("sori-chat", SoriChat);
