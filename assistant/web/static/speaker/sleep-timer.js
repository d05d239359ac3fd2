/**
 * The sleep timer: off, due at a time, or due when the present item ends. It outlives a reload of the page, in which the
 * item that plays is lost: what is still to come of it counts when something plays again.
 *
 * @typedef {{in_ms: number | null}} Sleep `in_ms` is null at the end of the item
 */

const KEY = "sori.sleep";

export class SleepTimer {
  /** Milliseconds of `Date.now`; null while it is off. @type {number | null} */
  #due = null;
  atEnd = false;

  /** @param {Storage | null} storage where the time is kept for the rest of the visit @param {number} now */
  constructor(storage, now) {
    this.storage = storage;
    const kept = Number(storage?.getItem(KEY) ?? 0);
    if (Number.isFinite(kept) && kept > now) this.#due = kept;
  }

  /** @param {Sleep | null} sleep null cancels it @param {number} now */
  set(sleep, now) {
    this.atEnd = sleep !== null && sleep.in_ms === null;
    this.#due = sleep && sleep.in_ms !== null ? now + sleep.in_ms : null;
    if (this.#due === null) this.storage?.removeItem(KEY);
    else this.storage?.setItem(KEY, String(this.#due));
  }

  /** As it is reported. @param {number} now @returns {Sleep | null} */
  state(now) {
    if (this.atEnd) return { in_ms: null };
    return this.#due === null ? null : { in_ms: Math.max(0, Math.round(this.#due - now)) };
  }

  /** Whether it is time; it is off from then on. @param {number} now @param {boolean} ended the present item has just ended */
  takesEffect(now, ended = false) {
    const due = (this.atEnd && ended) || (this.#due !== null && now >= this.#due);
    if (due) this.set(null, now);
    return due;
  }

  /** Another item was asked for: "at the end of this" meant the one before. */
  leaveItem() {
    this.atEnd = false;
  }
}

/** The storage of the visit, or null where the browser blocks it. @returns {Storage | null} */
export function visitStorage() {
  try {
    return sessionStorage;
  } catch {
    return null;
  }
}
