/**
 * What changes in a shop's conversations, told to every tab by one of them: a browser opens only six connections to a
 * site, so of all tabs the one that holds the lock listens, and the others hear of it from there.
 *
 * @typedef {{conversation: string | null, waiting: number}} News
 */

/** Says that a page is read again by itself: what is said only once, to a person, is left for the person. */
export const LIVE = { "Sori-Live": "1" };

/** @param {string} address of the server-sent events @param {(news: News) => void} tell */
export function listen(address, tell) {
  const channel = new BroadcastChannel(`sori-console ${address}`);
  /** @type {News | null} of the tab that listens: what it heard last, for tabs that come later */
  let last = null;
  channel.addEventListener("message", ({ data }) => {
    if (data) tell(data);
    else if (last) channel.postMessage({ ...last, conversation: null });
  });
  channel.postMessage(null);
  const open = () => {
    const source = new EventSource(address);
    source.addEventListener("message", ({ data }) => {
      last = JSON.parse(data);
      if (!last) return;
      tell(last);
      channel.postMessage(last);
    });
    return new Promise(() => {});
  };
  // Locks are for secure addresses only; elsewhere every tab listens by itself.
  if (navigator.locks) navigator.locks.request(`sori-console ${address}`, open);
  else open();
}

/**
 * Reads a page again and puts in what differs: the server draws everything, in one way.
 *
 * @param {Document} page
 * @param {string[]} ids of the elements that may differ
 */
export function replace(page, ids) {
  for (const id of ids) {
    const old = document.getElementById(id);
    const fresh = page.getElementById(id);
    if (old && fresh && !old.isEqualNode(fresh)) old.replaceWith(fresh);
    else if (old && !fresh) old.remove();
  }
}

/** @param {string} address @param {RequestInit} [options] @returns {Promise<Document>} */
export async function read(address, options = {}) {
  const response = await fetch(address, { cache: "no-store", ...options });
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  // Whoever was signed out meanwhile is led to another page, which must not take the place of what they were writing.
  if ((response.ok || response.status === 422) && page.body.dataset.csrf) return page;
  throw new Error(page.querySelector("main p")?.textContent?.trim() || "That did not work. Please reload the page.");
}

/** Runs what is asked for, never twice at a time; what is asked for meanwhile is done once more afterwards. */
export class Once {
  #running = false;
  #again = false;

  /** @param {() => Promise<void>} work */
  constructor(work) {
    this.work = work;
  }

  async run() {
    this.#again = true;
    if (this.#running) return;
    this.#running = true;
    while (this.#again) {
      this.#again = false;
      await this.work().catch(() => {});
    }
    this.#running = false;
  }
}
