/** The conversation on the screen: messages are added and never built anew, so that nothing jumps under a finger. */

import { element, setAttribute, setText } from "./dom.js";
import { when } from "./format.js";
import { messageView, nameOf, outgoingView } from "./message-view.js";

/** @typedef {import("./message-view.js").Desk} Desk */
/** @typedef {import("./conversation.js").Conversation} Conversation */

/** Nearer to the end than this, in pixels, and the log goes along with what comes. */
const NEAR_PX = 120;
/** What a group of controls waits for: once a later answer has one of these, it is over. */
const ENDS = { cart: ["cart", "checkout", "order"], form: ["form", "checkout", "order"] };

export class LogView {
  /** @type {Map<string, HTMLElement>} */
  #nodes = new Map();
  /** @type {string | null} */
  #conversation = null;
  /** The control that had the focus before its group was over, by its key. */
  #held = "";

  /** @param {Desk} desk @param {() => void} older asks for what came before */
  constructor(desk, older) {
    this.desk = desk;
    this.start = element("div.start");
    this.list = element("div.list");
    this.streaming = element("p.bubble");
    this.writer = element("span.unseen");
    this.dots = element("p.dots", element("i"), element("i"), element("i"), this.writer);
    this.stream = element("div.message", { "data-from": "bot", hidden: true }, this.streaming, this.dots);
    this.node = element("div.log", { part: "log", role: "log", "aria-live": "off", "aria-label": desk.say("log"), tabindex: 0 }, this.start, this.list, this.stream);
    this.more = false;
    let near = true;
    this.node.addEventListener("scroll", () => {
      near = this.#near();
      if (this.node.scrollTop < NEAR_PX && this.more) older();
    }, { passive: true });
    // A keyboard that opens, or a notice, takes room from the end.
    new ResizeObserver(() => near && this.#follow(null)).observe(this.node);
  }

  #near(times = 1) {
    const { scrollHeight, scrollTop, clientHeight } = this.node;
    return scrollHeight - scrollTop - clientHeight < NEAR_PX * times;
  }

  /** @param {Conversation} conversation */
  show(conversation) {
    const { node, list } = this;
    const begun = this.#conversation === null && this.#nodes.size > 0; // written before the first welcome
    const another = conversation.id !== this.#conversation && !begun;
    this.#conversation = conversation.id;
    const near = this.#near();
    const [first, below] = [list.firstElementChild, node.scrollHeight - node.scrollTop];
    const fresh = this.#place(conversation, another);
    this.more = conversation.more;
    this.#liveness(conversation);
    this.#showStream(conversation);
    if (another) this.#follow(null);
    else if (fresh && (near || fresh.dataset.from === "shopper")) this.#follow(fresh);
    else if (first !== list.firstElementChild) node.scrollTop = node.scrollHeight - below;
    this.#refocus();
  }

  /** Puts what is missing where it belongs. @param {Conversation} conversation @param {boolean} another @returns {HTMLElement | null} the first that is new at the end */
  #place({ messages, outbox, id }, another) {
    /** @type {[string, () => HTMLElement][]} */
    const wanted = [];
    let day = "";
    let before = "";
    for (const message of messages) {
      const today = when(message.at, this.desk.language, { dateStyle: "medium" });
      if (today !== day) wanted.push([`day ${(day = today)}`, () => element("p.day", this.#day(message.at))]);
      const follows = before === `${message.from} ${message.name ?? ""} ${day}`;
      before = `${message.from} ${message.name ?? ""} ${day}`;
      wanted.push([`seq ${message.seq}`, () => {
        const node = messageView(message, this.desk);
        setAttribute(node, "data-follows", follows && "true");
        return node;
      }]);
    }
    for (const sent of outbox) if (sent.conversation === null || sent.conversation === id) wanted.push([`out ${sent.id} ${sent.problem ?? ""}`, () => outgoingView(sent, this.desk)]);
    const keys = new Set(wanted.map(([key]) => key));
    for (const [key, node] of this.#nodes) if (another || !keys.has(key)) this.#nodes.delete(key) && node.remove();
    /** @type {HTMLElement | null} */
    let fresh = null;
    /** @type {Element | null} */
    let next = this.list.firstElementChild;
    for (const [key, make] of wanted) {
      const known = this.#nodes.get(key);
      if (known) {
        if (known === next) next = next.nextElementSibling;
        else this.list.insertBefore(known, next);
        fresh = null;
        continue;
      }
      const node = make();
      this.#nodes.set(key, node);
      this.list.insertBefore(node, next);
      fresh ??= node;
    }
    return fresh;
  }

  /** Ends what is over: quick replies that were passed by, carts that have changed since. @param {Conversation} conversation */
  #liveness({ messages, waiting, outbox, typing }) {
    const busy = waiting.length > 0 || typing === "bot";
    const newest = Object.fromEntries(Object.entries(ENDS).map(([kind, parts]) =>
      [kind, messages.findLast(({ shop }) => shop && parts.some((part) => shop[part]))?.seq]));
    const last = outbox.length ? null : messages.findLast(({ from }) => from !== "note");
    messages.forEach((message, index) => {
      const node = this.#nodes.get(`seq ${message.seq}`);
      if (!node) return;
      for (const group of node.querySelectorAll("fieldset[data-until]")) {
        const fieldset = /** @type {HTMLFieldSetElement} */ (group);
        const kind = fieldset.dataset.until ?? "";
        const over = kind === "message" ? message !== last : newest[kind] !== message.seq;
        setAttribute(fieldset, "data-over", over && "true");
        this.#hold(fieldset, over || busy);
      }
      const answer = messages[index + 1];
      for (const reply of node.querySelectorAll("[data-says]"))
        setAttribute(reply, "data-taken", answer?.from === "shopper" && answer.text === /** @type {HTMLElement} */ (reply).dataset.says && "true");
      const rating = /** @type {HTMLElement | null} */ (node.querySelector(".rating"));
      if (!rating) return;
      rating.dataset.rating = message.rating ?? "";
      for (const button of rating.children) button.setAttribute("aria-pressed", String(message.rating === /** @type {HTMLElement} */ (button).dataset.rate));
    });
  }

  /** @param {HTMLFieldSetElement} group @param {boolean} off */
  #hold(group, off) {
    if (group.disabled === off) return;
    const focused = /** @type {ShadowRoot} */ (this.node.getRootNode()).activeElement;
    if (off && focused && group.contains(focused)) this.#held = /** @type {HTMLElement} */ (focused).dataset.key ?? "";
    group.disabled = off;
  }

  /** Gives the focus back to the same control of the newest answer: who steps a quantity goes on stepping. */
  #refocus() {
    if (!this.#held) return;
    const root = /** @type {ShadowRoot} */ (this.node.getRootNode());
    const same = [...this.node.querySelectorAll(`[data-key="${CSS.escape(this.#held)}"]`)].findLast((one) => !one.matches(":disabled"));
    if (root.activeElement && !root.activeElement.matches(":disabled, .log")) this.#held = "";
    else if (same) {
      this.#held = "";
      /** @type {HTMLElement} */ (same).focus({ preventScroll: true });
    }
  }

  /** @param {Conversation} conversation */
  #showStream({ stream, typing, state, agent, outbox }) {
    const { desk } = this;
    const shown = Boolean(stream || typing) && !outbox.some(({ problem }) => problem);
    this.stream.hidden = !shown;
    this.stream.dataset.from = state === "agent" ? "agent" : "bot";
    this.streaming.hidden = !stream;
    this.dots.hidden = Boolean(stream);
    setText(this.streaming, stream?.text ?? "");
    setText(this.writer, shown ? desk.say("typing", { name: nameOf({ from: state === "agent" ? "agent" : "bot", name: agent || undefined, seq: 0, at: "", text: "" }, desk) }) : "");
    if (shown && this.#near(2)) this.#follow(null);
  }

  /** To the end, but not past the beginning of what is new. @param {HTMLElement | null} fresh */
  #follow(fresh) {
    const { node } = this;
    const mine = fresh?.dataset.from === "shopper";
    const end = node.scrollHeight - node.clientHeight;
    node.scrollTop = fresh && !mine ? Math.min(end, fresh.offsetTop - node.offsetTop - 44) : end;
  }

  /** @param {string} at */
  #day(at) {
    const { language } = this.desk;
    const days = Math.round((new Date(at).setHours(0, 0, 0, 0) - new Date().setHours(0, 0, 0, 0)) / 86_400_000);
    const near = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
    return days > -2 ? near.format(days, "day") : when(at, language, { dateStyle: "full" });
  }
}
