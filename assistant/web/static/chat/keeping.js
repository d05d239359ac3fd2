/**
 * What stays on this device, and only with consent: the session, so that the conversation is found again, and, while the
 * tab lives, what has been written and not been sent.
 */

/** @typedef {"ask" | "none" | "granted"} Consent */

export class Keeping {
  #allowed = false;
  /** @type {Record<string, any>} the same for as long as the page lives, kept or not */
  #values = {};

  /** @param {string} shop @param {Consent} consent */
  constructor(shop, consent) {
    this.key = `sori-chat ${shop}`;
    this.consent = consent;
    if (consent === "none") return;
    const [kept, tab] = STORES.map((store) => attempt(() => JSON.parse(window[store].getItem(this.key) ?? "null")));
    this.#allowed = Boolean(kept);
    if (kept) this.#values = { ...kept, ...tab };
  }

  get allowed() {
    return this.#allowed;
  }

  /** @param {"session" | "vouched" | "conversation" | "aloud" | "outbox" | "draft" | "open"} name @returns {any} */
  get(name) {
    return this.#values[name] ?? null;
  }

  /** @param {"session" | "vouched" | "conversation" | "aloud" | "outbox" | "draft" | "open"} name @param {any} value */
  set(name, value) {
    if (JSON.stringify(this.#values[name]) === JSON.stringify(value)) return;
    this.#values[name] = value;
    this.#write();
  }

  /** From now on things are kept. */
  allow() {
    if (this.consent === "none") return;
    this.#allowed = true;
    this.#write();
  }

  /**
   * Whether something that comes by itself may come now; from then on, in all tabs, not for so many seconds. What cannot
   * be kept may not. @param {string} id @param {number} seconds
   */
  once(id, seconds) {
    return attempt(() => {
      const key = `${this.key} shown`;
      const until = JSON.parse(localStorage.getItem(key) ?? "{}");
      if (!this.#allowed || until[id] > Date.now()) return false;
      localStorage.setItem(key, JSON.stringify({ ...until, [id]: Date.now() + seconds * 1000 }));
      return true;
    });
  }

  /** Takes everything away again, here and on the device. */
  forget() {
    this.#allowed = false;
    this.#values = {};
    attempt(() => STORES.forEach((store) => [this.key, `${this.key} shown`].forEach((key) => window[store].removeItem(key))));
  }

  #write() {
    if (!this.#allowed) return;
    const { session, vouched, conversation, aloud, ...tab } = this.#values;
    attempt(() => [{ session, vouched, conversation, aloud }, tab].forEach((part, index) => window[STORES[index]].setItem(this.key, JSON.stringify(part))));
  }
}

/** What stays, and what ends with the tab. */
const STORES = /** @type {const} */ (["localStorage", "sessionStorage"]);

/**
 * A browser may refuse its stores, or have no room, and somebody else may have written there: it goes on without.
 * @template T @param {() => T} act @returns {T | undefined}
 */
function attempt(act) {
  try {
    return act();
  } catch {
    return undefined;
  }
}
