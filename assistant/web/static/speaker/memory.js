/** What this browser keeps: the conversation's token, and only once the listener has said something. */

const KEY = "sori.conversation";

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
