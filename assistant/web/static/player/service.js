/** What the player asks of the service, and how that may fail. */

import { readCaptions } from "./captions.js";
import { readItem } from "./item.js";

const WITHIN_MS = 20_000;

/** Something that was wrong: a stable `code`, and a sentence. */
export class Problem extends Error {
  /** @param {string} code @param {string} message */
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

/** Failures that pass by themselves: to try again makes sense. */
export const PASSING = new Set(["offline", "unreachable", "timeout", "starting", "internal_error", "playback_failed"]);

/**
 * @param {string} service @param {string} item
 * @returns {Promise<import("./item.js").Item>}
 */
export async function fetchItem(service, item) {
  const answer = await ask(new URL(`/api/v1/items/${encodeURIComponent(item)}/player`, service));
  return readItem(await answer.json(), service);
}

/**
 * Where in an item something is said, best first.
 * @param {string} service @param {string} item @param {string} text
 * @returns {Promise<import("./item.js").Line[]>}
 */
export async function findMoments(service, item, text) {
  const url = new URL(`/api/v1/items/${encodeURIComponent(item)}/moments`, service);
  url.searchParams.set("q", text);
  const { moments } = await (await ask(url)).json();
  /** @param {any} one */
  const line = (one) => ({ start: one.start_ms, end: one.end_ms, speaker: one.speaker ?? "", text: one.text });
  return moments.map(line);
}

/** @param {string} url @returns {Promise<import("./item.js").Line[]>} */
export const fetchCaptions = async (url) => readCaptions(await (await ask(new URL(url))).text());

/**
 * @param {URL} url
 * @returns {Promise<Response>} one that is well
 * @throws {Problem}
 */
async function ask(url) {
  let answer;
  try {
    answer = await fetch(url, { credentials: "omit", signal: AbortSignal.timeout(WITHIN_MS) });
  } catch (error) {
    const late = error instanceof DOMException && error.name === "TimeoutError";
    if (late) throw new Problem("timeout", "The service takes too long to answer.");
    if (!navigator.onLine) throw new Problem("offline", "You are offline. It goes on once the connection is back.");
    throw new Problem("unreachable", "The service cannot be reached from this page.");
  }
  if (answer.ok) return answer;
  const known = await answer.json().then(({ error }) => error, () => null);
  throw new Problem(known?.code ?? "internal_error", known?.message ?? "Something went wrong at the service.");
}
