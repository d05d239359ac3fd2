/**
 * The websocket to the service: says hello, passes messages on, and connects again with growing pauses.
 */

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 20_000;
const READY_WITHIN_MS = 8_000;
/** A service that lives says something sooner after a turn has begun or ended. */
const ANSWER_WITHIN_MS = 25_000;
const ASKS = ["listen", "end", "text"];
/** To a listener beside the answer it has nothing to say as long as nobody speaks. */
const SILENT_TRIGGER = "barge_in";
const VERSION = 1;

/**
 * How long to wait before the next attempt: doubling, with jitter so that many pages do not return at once.
 * @param {number} attempt 0 for the first @param {number} random between 0 and 1 @returns {number} milliseconds
 */
export function pause(attempt, random) {
  return Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempt) * (0.5 + random / 2);
}

export class Session {
  /** @type {WebSocket | null} */
  #socket = null;
  #attempt = 0;
  #timer = 0;
  #silence = 0;

  /**
   * @param {string} url
   * @param {number} rate sample rate of the frames that will be sent, in hertz
   * @param {() => {conversation: string | null, listener: string | null}} tokens what to go on with
   * @param {(event: import("./types.js").Event) => void} onEvent
   */
  constructor(url, rate, tokens, onEvent) {
    this.url = url;
    this.rate = rate;
    this.tokens = tokens;
    this.onEvent = onEvent;
    addEventListener("online", () => this.#hurry());
  }

  connect() {
    clearTimeout(this.#timer);
    this.onEvent({ type: "link", status: "connecting" });
    const socket = new WebSocket(this.url);
    socket.binaryType = "arraybuffer";
    this.#socket = socket;
    const late = setTimeout(() => socket.close(), READY_WITHIN_MS);
    socket.onopen = () => {
      const hello = { type: "hello", version: VERSION, rate: this.rate, ...this.tokens() };
      socket.send(JSON.stringify(hello));
    };
    socket.onmessage = ({ data }) => {
      clearTimeout(this.#silence);
      if (typeof data !== "string") return this.onEvent({ type: "audio", chunk: data });
      const message = JSON.parse(data);
      if (message.type === "ready") {
        clearTimeout(late);
        this.#attempt = 0;
      }
      this.onEvent({ type: "message", message });
    };
    socket.onclose = () => {
      clearTimeout(late);
      clearTimeout(this.#silence);
      this.onEvent({ type: "link", status: "lost" });
      this.#timer = setTimeout(() => this.connect(), pause(this.#attempt++, Math.random()));
    };
  }

  /** @param {ArrayBuffer} pcm dropped while the socket is not open */
  sendFrame(pcm) {
    if (pcm.byteLength && this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(pcm);
  }

  /** @param {{type: string, trigger?: string}} message dropped while the socket is not open */
  send(message) {
    const socket = this.#socket;
    if (socket?.readyState !== WebSocket.OPEN) return;
    socket.send(JSON.stringify(message));
    if (!ASKS.includes(message.type) || message.trigger === SILENT_TRIGGER) return;
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => socket.close(), ANSWER_WITHIN_MS);
  }

  #hurry() {
    if (this.#socket?.readyState === WebSocket.CLOSED) this.connect();
  }
}
