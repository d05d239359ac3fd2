/**
 * What is known of one conversation, as the server's messages tell it: pure state, without a socket or a screen.
 * Each message has its place by `seq`; what has been written waits in the outbox under an id of ours until the server
 * has accepted it, so that a connection may break at any time and nothing is lost or doubled.
 */

/** @typedef {{name: string, values: Record<string, any>}} Tap */
/** @typedef {"bot" | "waiting" | "agent" | "closed"} State */
/**
 * @typedef {{
 *   seq: number, id?: string, from: "shopper" | "bot" | "agent" | "note", name?: string, at: string, text: string,
 *   conversation?: string, speech?: boolean, quick_replies?: {text: string, utterance: string}[], shop?: any, rating?: "good" | "bad" | null,
 * }} Message
 */
/** @typedef {{id: string, text: string, tap?: Tap, voice?: string, page: any, conversation: string | null, problem?: string}} Outgoing */

export class Conversation {
  /** @type {string | null} */
  id = null;
  /** @type {Message[]} in order */
  messages = [];
  /** @type {Outgoing[]} written here and not accepted yet, or refused, with the `problem` */
  outbox = [];
  /** Older messages are kept by the server. */
  more = false;
  /** @type {State} */
  state = "bot";
  agent = "";
  /** @type {{id: string, text: string} | null} an answer that is being written */
  stream = null;
  /** @type {string} who is typing, "" for nobody */
  typing = "";

  /** Up to where every message is here, for they come in order: what is asked for after a broken connection. */
  get last() {
    return this.messages.at(-1)?.seq ?? 0;
  }

  /** What still has to be sent in this conversation. */
  get waiting() {
    return this.outbox.filter((one) => !one.problem && (one.conversation === null || one.conversation === this.id));
  }

  /** @param {{conversation: string, messages: Message[], more: boolean, state: State, name: string | null}} told */
  welcome(told) {
    // More are missing than were told now: they are asked for again, from here backwards.
    if (told.conversation !== this.id || told.more) this.messages = [];
    if (!this.messages.length) this.more = told.more;
    this.id = told.conversation;
    for (const one of this.outbox) one.conversation ??= told.conversation;
    this.typing = "";
    this.stream = null;
    this.changeState(told);
    told.messages.forEach((message) => this.add(message));
  }

  /** @param {{state: State, name: string | null}} told */
  changeState({ state, name }) {
    this.state = state;
    this.agent = name ?? "";
  }

  /** More of an answer that is being written. @param {{id: string, text: string}} told */
  grow({ id, text }) {
    this.stream = { id, text: (this.stream?.id === id ? this.stream.text : "") + text };
  }

  /** @param {Message} message @returns {boolean} whether it is new here */
  add(message) {
    if (message.from === "shopper") this.outbox = this.outbox.filter(({ id }) => id !== message.id);
    const at = this.messages.findLastIndex(({ seq }) => seq <= message.seq);
    const known = this.messages[at]?.seq === message.seq;
    this.messages.splice(known ? at : at + 1, known ? 1 : 0, message);
    if (message.from === "bot" || message.from === "agent") {
      this.typing = "";
      this.stream = null;
    }
    return !known;
  }

  /** @param {{id: string, seq: number}} told @param {string} now ISO time */
  accepted({ id, seq }, now) {
    const sent = this.outbox.find((one) => one.id === id);
    if (sent) this.add({ seq, id, from: "shopper", at: now, text: sent.text });
  }

  /** The server will not have it. @param {string} id @param {string} problem */
  refused(id, problem) {
    const sent = this.outbox.find((one) => one.id === id);
    if (sent) sent.problem = problem;
    this.typing = "";
  }

  /** Puts older ones before. @param {Message[]} messages @param {boolean} more */
  older(messages, more) {
    messages.forEach((message) => this.add(message));
    this.more = more && messages.length > 0;
  }
}
