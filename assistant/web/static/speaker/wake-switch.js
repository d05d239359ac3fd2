/**
 * The wake word's switch: off until somebody has read what it means and chosen a word; then a detector in this page alone
 * gets the microphone's sound.
 *
 * @typedef {import("./wake/wake-word.js").WakeDetector} WakeDetector
 */

import { byId, element, setText } from "../design/dom.js";
import { createWakeDetector } from "./wake/wake-word.js";

const PHRASES = "/api/v1/wake/phrases";
const OWN = "";

export class WakeSwitch {
  /** @type {WakeDetector | null} */
  #detector = null;
  /** @type {Int16Array} what was said since the word */
  #after = new Int16Array(0);

  /** @param {(event: import("./types.js").Event) => void} onEvent */
  constructor(onEvent) {
    this.onEvent = onEvent;
    this.dialog = byId("wake-dialog");
    this.choice = byId("wake-choice");
    this.own = byId("wake-own");
    this.problem = byId("wake-problem");
    this.choice.onchange = () => this.#showOwn();
    byId("wake-cancel").onclick = () => this.dialog.close();
    byId("wake-form").onsubmit = (/** @type {SubmitEvent} */ event) => {
      event.preventDefault();
      this.#switchOn(this.choice.value || this.own.value);
    };
    byId("wake").onclick = () => (this.#detector ? this.onEvent({ type: "wakeWord", phrase: null }) : this.#ask());
  }

  /** Sound for the detector; it goes nowhere else. @param {ArrayBuffer} pcm */
  process(pcm) {
    this.#detector?.process(pcm);
  }

  /** What was said since the word, up to now. @returns {ArrayBuffer} */
  takeAfter() {
    const after = this.#after;
    this.#after = new Int16Array(0);
    return /** @type {ArrayBuffer} */ (after.buffer);
  }

  /** @param {import("./types.js").State} state */
  render({ wake }) {
    byId("wake").setAttribute("aria-checked", String(wake !== null));
    if (wake !== null || !this.#detector) return;
    this.#detector.close();
    this.#detector = null;
  }

  async #ask() {
    setText(this.problem, "");
    this.dialog.showModal();
    if (this.choice.options.length) return;
    const phrases = await fetch(PHRASES).then((response) => response.json()).then((body) => body.phrases).catch(() => []);
    const options = phrases.map((/** @type {string} */ phrase) => element("option", { value: phrase }, phrase));
    this.choice.replaceChildren(...options, element("option", { value: OWN }, "Another word…"));
    this.#showOwn();
  }

  #showOwn() {
    byId("wake-own-field").hidden = this.choice.value !== OWN;
  }

  /** @param {string} phrase */
  async #switchOn(phrase) {
    const { dialog } = this;
    setText(this.problem, "");
    dialog.setAttribute("aria-busy", "true");
    try {
      const detector = await createWakeDetector({ phrase, onWake: ({ after }) => this.#onWake(after) });
      this.#detector?.close();
      this.#detector = detector;
      dialog.close();
      this.onEvent({ type: "wakeWord", phrase: detector.phrase });
    } catch (error) {
      setText(this.problem, /** @type {Error} */ (error).message);
    } finally {
      dialog.removeAttribute("aria-busy");
    }
  }

  /** @param {Int16Array} after */
  #onWake(after) {
    this.#after = after;
    this.onEvent({ type: "woken" });
  }
}
