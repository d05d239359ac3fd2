/** A chat with a shop: what is written goes out once and for sure, what comes in is kept in order. No screen in here. */

import { Aloud } from "./aloud.js";
import { Connection } from "./connection.js";
import { Conversation } from "./conversation.js";
import { Service } from "./service.js";

/** Of the socket. */
const PROTOCOL = 1;
/** Somebody who has not gone on typing for this long has stopped. */
const TYPING_MS = 15_000;

/** @typedef {import("./conversation.js").Tap} Tap */
/** @typedef {{url: string, title: string, product: string | null}} Page */
/** @typedef {{id: string, title: string, at: string, unread: number}} Entry */
/** @typedef {{name: string, greeting?: string, suggestions?: string[], language?: string, open?: boolean, menu?: any[]}} Shop */

export class Chat {
  conversation = new Conversation();
  /** @type {Shop | null} */
  shop = null;
  /** @type {Entry[]} */
  conversations = [];
  cart = 0;
  /** Messages that have come while nobody looked. */
  unread = 0;
  /** @type {"idle" | "connecting" | "ready" | "lost" | "refused"} */
  line = "idle";
  /** Why the service will not talk to us. */
  refusal = "";
  aloud = new Aloud();
  #typed = 0;
  #readUpTo = 0;
  /** @type {string | null} */
  #identity = null;

  /**
   * @param {{origin: string, shop: string, keeping: import("./keeping.js").Keeping, page: () => Page, language: () => string}} where
   * @param {{changed: () => void, arrived: (message: import("./conversation.js").Message) => void, looking: () => boolean,
   *   event: (name: string, detail: object) => void}} heard
   */
  constructor({ origin, shop, keeping, page, language }, heard) {
    this.keeping = keeping;
    this.page = page;
    this.language = language;
    this.heard = heard;
    this.service = new Service(origin, shop, () => keeping.get("session"));
    this.connection = new Connection(() => this.service.socket, {
      opened: () => this.#hello(),
      told: (message) => this.#told(message),
      changed: () => this.#changed(),
      refused: () => {
        this.line = "refused";
        this.#changed();
      },
    });
    this.conversation.outbox = keeping.get("outbox") ?? [];
  }

  /** Begins to listen. */
  start() {
    if (this.line === "idle") this.reach();
  }

  /** Opens the line, at once. */
  reach() {
    this.line = "connecting";
    this.connection.now();
    this.#changed();
  }

  stop() {
    this.connection.stop();
    this.aloud.stop();
    this.line = "idle";
  }

  /** @param {string} text @param {{voice?: string}} [how] */
  send(text, how = {}) {
    const words = text.trim();
    if (words) this.#put({ text: words, ...how });
  }

  /** @param {Tap} tap @param {string} label @param {boolean} [secret] what a form was filled with is kept nowhere */
  tap(tap, label, secret) {
    if (tap.name === "say") return this.send(tap.values.text);
    this.#put({ text: label, tap, secret });
    this.heard.event("sori-tap", { name: tap.name });
  }

  /** Sends anew what was refused. @param {string} id */
  again(id) {
    const { outbox } = this.conversation;
    const sent = outbox.find((one) => one.id === id);
    this.conversation.outbox = outbox.filter((one) => one !== sent);
    if (sent) this.#put({ text: sent.text, tap: sent.tap, voice: sent.voice, secret: sent.secret });
  }

  /** @param {number} seq @param {"good" | "bad" | null} value */
  rate(seq, value) {
    this.#rated({ seq, value });
    this.connection.send({ type: "rate", seq, value });
    this.#changed();
  }

  /** Goes on with another conversation. @param {string} conversation */
  open(conversation) {
    if (this.connection.send({ type: "open", conversation })) this.connection.expect();
  }

  /** Begins a new conversation. */
  begin() {
    if (this.connection.send({ type: "new" })) this.connection.expect();
  }

  /** What has come has been seen. */
  read() {
    const seq = this.conversation.messages.at(-1)?.seq ?? 0;
    this.unread = 0;
    if (seq > this.#readUpTo && this.connection.ready && this.connection.send({ type: "read", seq })) this.#readUpTo = seq;
  }

  async older() {
    const { id, messages, more } = this.conversation;
    if (!id || !more || !messages.length) return;
    const answer = await this.service.older(id, messages[0].seq);
    if (id === this.conversation.id) this.conversation.older(answer.messages, answer.more);
    this.#changed();
  }

  /** Goes on with a conversation of another device. @param {string} code @throws {import("./service.js").Problem} */
  async pair(code) {
    const { session, conversation } = await this.service.pair(code);
    this.#leave();
    this.keeping.set("session", session);
    this.keeping.set("conversation", conversation);
    this.reach();
  }

  /** Forgets who this was; the next message begins anew. */
  forget() {
    this.keeping.forget();
    this.#leave();
    this.reach();
  }

  /** Who this is, as the shop's own site vouches. @param {string | null} token */
  identify(token) {
    this.#identity = token;
    if (this.line !== "idle") this.reach();
  }

  /** @param {boolean} on */
  setAloud(on) {
    this.keeping.set("aloud", on);
    if (on) this.aloud.unlock();
    else this.aloud.stop();
    this.#changed();
  }

  #leave() {
    this.connection.stop();
    this.conversation = new Conversation();
    this.conversations = [];
    this.unread = this.cart = this.#readUpTo = 0;
  }

  /** @param {{text: string, tap?: Tap, voice?: string, secret?: boolean}} what */
  #put(what) {
    const outgoing = { id: unique(), conversation: this.conversation.id, page: this.page(), ...what };
    this.conversation.outbox.push(outgoing);
    this.start();
    if (this.connection.ready) this.#post(outgoing);
    this.#changed();
  }

  /** @param {import("./conversation.js").Outgoing} outgoing */
  #post({ id, text, tap, voice, page }) {
    const what = tap ? { tap, label: text } : { text, voice };
    if (this.connection.send({ type: "send", id, page, ...what })) this.connection.expect();
  }

  #hello() {
    const { keeping, conversation } = this;
    if (keeping.get("vouched") && !this.#identity) keeping.set("session", null); // the customer has signed out
    this.connection.send({
      type: "hello",
      version: PROTOCOL,
      session: keeping.get("session"),
      conversation: conversation.id ?? keeping.get("conversation"),
      last: conversation.last,
      page: this.page(),
      identity: this.#identity,
      language: this.language(),
    });
  }

  /** @param {any} told */
  #told(told) {
    const { conversation } = this;
    switch (told.type) {
      case "welcome":
        this.#welcomed(told);
        break;
      case "accepted":
        conversation.accepted(told, new Date().toISOString());
        this.#answered();
        if (conversation.state === "bot") this.#types("bot");
        break;
      case "message":
        if (told.conversation === conversation.id && conversation.add(told)) this.#arrived(told);
        break;
      case "delta":
        conversation.grow(told);
        break;
      case "pong":
        this.#answered();
        break;
      case "read":
        this.unread = 0;
        break;
      case "rated":
        this.#rated(told);
        break;
      case "conversation":
        this.conversations = [told, ...this.conversations.filter(({ id }) => id !== told.id)];
        break;
      case "typing":
        this.#types(told.from);
        break;
      case "state":
        conversation.changeState(told);
        this.heard.event("sori-state", { state: told.state });
        break;
      case "cart":
        this.#count(told.count);
        break;
      case "error":
        this.#failed(told);
    }
    this.#changed();
  }

  /** @param {any} told */
  #welcomed(told) {
    const another = told.conversation !== this.conversation.id;
    this.conversation.welcome(told);
    this.line = "ready";
    this.refusal = "";
    this.shop = told.shop;
    this.conversations = told.conversations ?? [];
    this.unread = this.conversations.find(({ id }) => id === told.conversation)?.unread ?? 0;
    if (another) this.#readUpTo = 0;
    this.#count(told.cart ?? 0);
    this.keeping.set("session", told.session);
    this.keeping.set("vouched", told.vouched);
    this.keeping.set("conversation", told.conversation);
    this.conversation.waiting.forEach((one) => this.#post(one));
  }

  /** @param {import("./conversation.js").Message} message */
  #arrived(message) {
    const { seq, from, name, text, shop, speech } = message;
    this.heard.event("sori-message", { seq, from, name, text, shop });
    if (from === "shopper") return;
    if (!this.heard.looking()) this.unread++;
    this.heard.arrived(message);
    if (this.keeping.get("aloud") && speech && this.conversation.id)
      this.aloud.read(this.service.speech(this.conversation.id, seq)).catch((problem) => this.#failed(problem));
  }

  /** @param {any} told */
  #failed({ code, message, id, fatal }) {
    this.heard.event("sori-error", { code, message });
    if (id) this.conversation.refused(id, message);
    this.#answered();
    if (!fatal) return;
    this.refusal = message;
    if (code === "session_invalid" && this.keeping.get("session")) {
      const unsent = this.conversation.waiting;
      this.#leave();
      this.conversation.outbox = unsent.map((one) => ({ ...one, conversation: null }));
      this.keeping.set("session", null);
      this.keeping.set("conversation", null);
      this.reach();
    }
  }

  /** The line lives, unless something that was sent is still to be accepted. */
  #answered() {
    if (!this.conversation.waiting.length) this.connection.answered();
  }

  /** @param {{seq: number, value: "good" | "bad" | null}} told */
  #rated({ seq, value }) {
    const message = this.conversation.messages.find((one) => one.seq === seq);
    if (message) message.rating = value;
  }

  /** @param {string} from */
  #types(from) {
    this.conversation.typing = from;
    clearTimeout(this.#typed);
    this.#typed = setTimeout(() => {
      this.conversation.typing = "";
      this.#changed();
    }, TYPING_MS);
  }

  /** @param {number} count */
  #count(count) {
    if (count !== this.cart) this.heard.event("sori-cart", { count });
    this.cart = count;
  }

  #changed() {
    if (this.line === "connecting" && this.connection.failures) this.line = "lost";
    else if (this.line === "ready" && !this.connection.ready) this.line = navigator.onLine ? "connecting" : "lost";
    this.keeping.set("outbox", this.conversation.outbox.filter(({ secret }) => !secret));
    this.heard.changed();
  }
}

/** 128 random bits as an id, also where the page is not a secure context. */
const unique = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
