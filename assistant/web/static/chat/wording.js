/** The chat's words in the page's language: English is here, other languages are fetched from beside this file. */

import { ENGLISH } from "./wording.en.js";

/** @typedef {(name: string, values?: Record<string, string | number>) => string} Say */

export class Wording {
  /** @type {Record<string, any>} */
  #words = ENGLISH;

  /** A text with its `{places}` filled in, in the form that `count` asks for (one, few, many, other). @type {Say} */
  say = (name, values = {}) => {
    const word = this.#words[name];
    if (!word) return "";
    const text = typeof word === "string" ? word : word[new Intl.PluralRules(this.language).select(Number(values.count))] ?? word.other;
    return text.replace(/\{(\w+)\}/g, (/** @type {string} */ _, /** @type {string} */ place) => String(values[place] ?? ""));
  };

  get language() {
    return this.#words.language;
  }

  get direction() {
    return this.#words.direction;
  }

  /** Reads `wording.LANGUAGE.js`, which exports WORDS; what it lacks stays English. @param {string} language like "de" or "pt-BR" */
  async load(language) {
    if (language.startsWith("en")) return;
    const { WORDS } = await import(new URL(`wording.${language}.js`, import.meta.url).href);
    this.#words = { ...ENGLISH, language, ...WORDS };
  }
}
