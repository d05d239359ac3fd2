/** The conversation so far: what was said, what was answered, the cards found and the quick replies. */

import { byId, element, icon, setIcon } from "../design/dom.js";
import { meta } from "./format.js";

const calm = matchMedia("(prefers-reduced-motion: reduce)");

export class LogView {
  /** @type {import("./types.js").Turn[]} */
  #shown = [];
  #playing = "";

  /**
   * @param {(text: string) => void} say
   * @param {import("./player.js").Player} player
   */
  constructor(say, player) {
    this.log = byId("log");
    this.say = say;
    this.player = player;
    // The player's dock opened or closed: what was just said stays in sight.
    new ResizeObserver(() => this.#showNewest()).observe(this.log);
  }

  /** @param {import("./types.js").Turn[]} turns */
  render(turns) {
    if (turns === this.#shown) return;
    turns.forEach((turn, index) => {
      if (turn === this.#shown[index]) return;
      const node = this.#turn(turn);
      const present = this.log.children[index];
      if (present) present.replaceWith(node);
      else this.log.append(node);
    });
    const grown = turns.length > this.#shown.length || turns.at(-1) !== this.#shown.at(-1);
    this.#shown = turns;
    this.#offerQuickReplies();
    this.#playing = "";
    this.renderPlaying();
    if (grown) this.#showNewest();
  }

  /** The newest turn begins at the top, so that a long answer is read from its first line. */
  #showNewest() {
    const newest = /** @type {HTMLElement | null} */ (this.log.lastElementChild);
    this.log.scrollTo({ top: newest?.offsetTop ?? 0, behavior: calm.matches ? "auto" : "smooth" });
  }

  /** Marks the card of the item in the player. */
  renderPlaying() {
    const { item, playback } = this.player;
    const key = `${item?.item} ${playback}`;
    if (key === this.#playing) return;
    this.#playing = key;
    for (const card of this.log.querySelectorAll("[data-item]")) {
      const active = card.dataset.item === item?.item && playback !== "stopped";
      const playing = active && playback === "playing" && !card.dataset.begin;
      card.dataset.active = String(active);
      const button = card.querySelector("button");
      if (!button) continue;
      setIcon(button, playing ? "pause" : "play");
      button.setAttribute("aria-label", `${playing ? "Pause" : "Play"} ${card.dataset.title}`);
    }
  }

  /** @param {import("./types.js").Turn} turn */
  #turn({ said, reply, lost }) {
    const answer = reply ? element("p", { class: "answer", "data-testid": "answer" }, reply.text || reply.speech) : null;
    const waiting = reply || !lost ? null : element("p", { class: "unanswered" }, "No answer came.");
    return element(
      "article",
      { class: "turn", "data-testid": "turn", "data-request": reply?.dialog_request_id },
      said ? element("p", { class: "said", "data-testid": "said" }, element("span", { class: "visually-hidden" }, "You said: "), said) : null,
      answer,
      waiting,
      reply?.cards?.length ? element("ol", { class: "list cards" }, ...reply.cards.map((card, index) => this.#card(card, index + 1))) : null,
    );
  }

  /** @param {import("./types.js").Card} card @param {number} number */
  #card(card, number) {
    const button = element("button", { class: "icon-button primary", type: "button", "data-testid": "card-play", "aria-label": `Play ${card.title}`, onclick: () => this.#play(card) }, icon("play"));
    const image = card.image_url ? element("img", { src: card.image_url, alt: "", loading: "lazy", width: 136, height: 136 }) : null;
    const page = `/watch/${encodeURIComponent(card.item)}${card.begin_ms ? `?t=${Math.floor(card.begin_ms / 1000)}` : ""}`;
    return element(
      "li",
      { class: "card", "data-testid": "card", "data-item": card.item, "data-title": card.title, "data-begin": card.begin_ms },
      element("span", { class: "artwork" }, icon(card.medium === "video" ? "video" : "audio"), image, element("span", { class: "badge" }, String(number))),
      element("div", {}, element("p", { class: "card-title" }, element("a", { href: page, "data-testid": "card-link" }, card.title)), this.#meta(card)),
      card.playable ? button : null,
    );
  }

  /** What was made by whom; the channel opens beside the page, in which something may be playing. @param {import("./types.js").Card} card */
  #meta(card) {
    const [creator = "", ...others] = meta(card);
    const link = card.channel ? element("a", { href: `/channels/${card.channel}`, target: "_blank" }, creator) : creator;
    return element("p", { class: "card-meta" }, link, others.map((part) => ` · ${part}`).join(""));
  }

  /** A moment is played from where it begins, whatever the player does. @param {import("./types.js").Card} card */
  #play(card) {
    const { player } = this;
    const begins = card.begin_ms ?? null;
    if (player.item?.item !== card.item) {
      if (begins !== null) player.beginAt(card.item, begins);
      this.say(`play ${card.title}`);
    } else if (begins === null) {
      player.toggle();
    } else {
      player.seek(begins);
      if (!player.sounds) player.toggle();
    }
  }

  /** Only the newest answer's suggestions still make sense. */
  #offerQuickReplies() {
    const replies = this.#shown.at(-1)?.reply?.quick_replies ?? [];
    const row = byId("quick-replies");
    row.hidden = replies.length === 0;
    row.replaceChildren(
      ...replies.map(({ text, utterance }) =>
        element("button", { class: "chip", type: "button", "data-testid": "quick-reply", onclick: () => this.say(utterance) }, text),
      ),
    );
  }
}
