/**
 * The wake word in the page: it is looked for in a worker of this page, and what was said before it goes nowhere.
 *
 * @typedef {import("./spotter.js").Wake & {after: Int16Array}} Woken `after`: the samples already heard since its end
 */

const MODEL = "/api/v1/wake/model";
const PRONUNCIATION = "/api/v1/pronunciation";
const READY_WITHIN_MS = 10_000;
/** No wake word is found later than this after its end. */
const KEPT_SAMPLES = 2 * 16_000;

/** Why there is no detector: `code` is the service's, or `unsupported` or `unreachable`. */
export class WakeError extends Error {
  /** @param {string} code @param {string} message */
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

/**
 * @param {{phrase: string, onWake: (woken: Woken) => void}} options
 * @returns {Promise<WakeDetector>}
 * @throws {WakeError} `wake_phrase_invalid`, `wake_phrase_short`, `wake_phrase_long`, `wake_phrase_unknown`: say `message`
 */
export async function createWakeDetector({ phrase, onWake }) {
  const [model, pronounced] = await Promise.all([
    ask(MODEL).then((response) => response.arrayBuffer()),
    ask(`${PRONUNCIATION}?${new URLSearchParams({ phrase })}`).then((response) => response.json()),
  ]);
  const worker = new Worker(new URL("worker.js", import.meta.url), { type: "module" });
  try {
    await ready(worker, model, pronounced);
  } catch (error) {
    worker.terminate();
    throw error;
  }
  return new WakeDetector(pronounced.phrase, worker, onWake);
}

/** @param {string} address */
async function ask(address) {
  const response = await fetch(address).catch(() => {
    throw new WakeError("unreachable", "The wake word could not be fetched.");
  });
  if (response.ok) return response;
  const body = await response.json().catch(() => null);
  throw new WakeError(body?.error?.code ?? "unreachable", body?.error?.message ?? "The wake word could not be fetched.");
}

/** @param {Worker} worker @param {ArrayBuffer} model @param {import("./spotter.js").Phrase} phrase @returns {Promise<void>} */
function ready(worker, model, phrase) {
  return new Promise((resolve, reject) => {
    const failed = () => reject(new WakeError("unsupported", "This browser cannot listen for a wake word."));
    const limit = setTimeout(failed, READY_WITHIN_MS);
    worker.onerror = failed;
    worker.onmessage = () => {
      clearTimeout(limit);
      resolve();
    };
    worker.postMessage({ model, phrase }, [model]);
  });
}

export class WakeDetector {
  /** @type {Int16Array[]} what was heard lately */
  #kept = [];
  #heard = 0;
  #keptSamples = 0;

  /** @param {string} phrase @param {Worker} worker @param {(woken: Woken) => void} onWake */
  constructor(phrase, worker, onWake) {
    this.phrase = phrase;
    this.worker = worker;
    worker.onmessage = ({ data: { wake } }) => onWake({ ...wake, after: this.#since(wake.end) });
  }

  /** Takes 16 kHz mono samples of any length, in order; the buffer stays the caller's. @param {ArrayBuffer | Int16Array} pcm */
  process(pcm) {
    const samples = Int16Array.from(pcm instanceof Int16Array ? pcm : new Int16Array(pcm));
    this.#kept.push(samples);
    this.#heard += samples.length;
    this.#keptSamples += samples.length;
    while (this.#keptSamples - this.#kept[0].length >= KEPT_SAMPLES) this.#keptSamples -= this.#kept.shift()?.length ?? 0;
    this.worker.postMessage({ samples });
  }

  close() {
    this.worker.onmessage = null;
    this.worker.terminate();
    this.#kept = [];
  }

  /** @param {number} sample @returns {Int16Array} everything heard from there on */
  #since(sample) {
    const kept = new Int16Array(this.#keptSamples);
    let at = 0;
    for (const samples of this.#kept) {
      kept.set(samples, at);
      at += samples.length;
    }
    return kept.slice(Math.max(0, kept.length - (this.#heard - sample)));
  }
}
