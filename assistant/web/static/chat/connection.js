/** The line to the service: opened again whenever it breaks, at growing, uneven distances, so that not all come at once. */

const FIRST_MS = 500;
const LONGEST_MS = 30_000;
/** Within this the server has to say welcome, and to accept what was sent. */
const ANSWER_MS = 10_000;
/** A page does not see the socket's own pings. */
const PING_MS = 30_000;
/** The service's last word (RFC 6455, 7.4.1): to come again would not help. */
const POLICY_VIOLATION = 1008;

/**
 * How long to wait before the next attempt: half of a doubling time for sure, the other half by chance.
 * @param {number} attempt from 0 @param {number} chance from 0 to 1
 */
export const distance = (attempt, chance) => Math.min(LONGEST_MS, FIRST_MS * 2 ** attempt) * (0.5 + chance / 2);

export class Connection {
  /** @type {WebSocket | null} */
  #socket = null;
  #attempt = 0;
  #wanted = false;
  #again = 0;
  #watch = 0;
  /** The server has answered on this line. */
  ready = false;
  /** Attempts in a row that came to nothing. */
  get failures() {
    return this.#attempt;
  }

  /**
   * @param {() => string} address
   * @param {{opened: () => void, told: (message: any) => void, changed: () => void, refused: () => void}} heard
   */
  constructor(address, heard) {
    this.address = address;
    this.heard = heard;
    addEventListener("online", () => this.#wanted && !this.ready && this.now());
    addEventListener("offline", () => heard.changed());
    setInterval(() => this.ready && this.send({ type: "ping" }) && this.expect(), PING_MS);
  }

  /** Tries at once. */
  now() {
    this.stop();
    this.#wanted = true;
    const socket = (this.#socket = new WebSocket(this.address()));
    socket.onopen = () => socket === this.#socket && this.heard.opened();
    socket.onmessage = ({ data }) => socket === this.#socket && this.#read(data);
    socket.onclose = ({ code }) => {
      if (socket !== this.#socket) return;
      if (code !== POLICY_VIOLATION) return this.#lost();
      this.stop();
      this.heard.refused();
    };
    this.expect();
  }

  stop() {
    this.#wanted = false;
    clearTimeout(this.#again);
    this.answered();
    const socket = this.#socket;
    this.#socket = null;
    this.ready = false;
    socket?.close();
  }

  /** @param {object} message @returns {boolean} whether there was a line to send it on */
  send(message) {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(JSON.stringify(message));
    return true;
  }

  /** An answer is due; a line on which none comes is dead, whatever the browser believes. */
  expect() {
    this.#watch ||= setTimeout(() => this.#lost(), ANSWER_MS);
  }

  /** All answers that were due have come. */
  answered() {
    clearTimeout(this.#watch);
    this.#watch = 0;
  }

  /** @param {string} data */
  #read(data) {
    let message;
    try {
      message = JSON.parse(data);
    } catch {
      return this.#lost();
    }
    if (message.type === "welcome") {
      this.ready = true;
      this.#attempt = 0;
      this.answered();
    }
    this.heard.told(message);
  }

  #lost() {
    this.stop();
    this.#wanted = true;
    this.#again = setTimeout(() => this.now(), distance(this.#attempt++, Math.random()));
    this.heard.changed();
  }
}
