/**
 * What this browser keeps: the conversation's token, and only once the listener has said something; and until the end of
 * the visit, that hands-free was switched off.
 */

const KEY = "sori.conversation";
const SWITCHED_OFF = "sori.hands-free-off";

/** @returns {string | null} */
export function recall() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null; // Storage is blocked: the conversation lasts as long as the page.
  }
}

/** @param {string} token */
export function remember(token) {
  try {
    localStorage.setItem(KEY, token);
  } catch {
    // The same: nothing is kept.
  }
}

export function forget() {
  try {
    localStorage.removeItem(KEY);
  } catch {
    // There was nothing to forget.
  }
}

export function isHandsFree() {
  try {
    return sessionStorage.getItem(SWITCHED_OFF) === null;
  } catch {
    return true;
  }
}

/** @param {boolean} on */
export function keepHandsFree(on) {
  try {
    if (on) sessionStorage.removeItem(SWITCHED_OFF);
    else sessionStorage.setItem(SWITCHED_OFF, "1");
  } catch {
    // The same: it lasts as long as the page.
  }
}
