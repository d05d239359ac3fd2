/**
 * What this browser keeps: the tokens of the conversation and of the listener, and only once the listener has said
 * something; and until the end of the visit, that hands-free was switched off.
 */

const CONVERSATION = "sori.conversation";
const LISTENER = "sori.listener";
/** In a link from another device. */
const SHARED = "#listener=";
const SWITCHED_OFF = "sori.hands-free-off";

/** @returns {{conversation: string | null, listener: string | null}} */
export function recall() {
  try {
    return { conversation: localStorage.getItem(CONVERSATION), listener: localStorage.getItem(LISTENER) };
  } catch {
    return { conversation: null, listener: null }; // Storage is blocked: it all lasts as long as the page.
  }
}

/** @param {string} conversation @param {string | null} listener */
export function remember(conversation, listener) {
  try {
    localStorage.setItem(CONVERSATION, conversation);
    if (listener) localStorage.setItem(LISTENER, listener);
  } catch {
    // The same: nothing is kept.
  }
}

/** Known by this token from now on; the conversation, if there is one, goes on. @param {string} listener */
export function rememberListener(listener) {
  try {
    localStorage.setItem(LISTENER, listener);
  } catch {
    // The same: nothing is kept.
  }
}

/** The link by which another device goes on where this one is. @param {string} listener */
export const shared = (listener) => new URL(`/${SHARED}${encodeURIComponent(listener)}`, location.href).href;

/** The listener that the page's link names, which is then taken out of the address. @returns {string | null} */
export function takeShared() {
  if (!location.hash.startsWith(SHARED)) return null;
  const listener = decodeURIComponent(location.hash.slice(SHARED.length));
  history.replaceState(null, "", location.pathname);
  return listener;
}

export function forget() {
  try {
    localStorage.removeItem(CONVERSATION);
    localStorage.removeItem(LISTENER);
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
