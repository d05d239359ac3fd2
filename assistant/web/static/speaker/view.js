/** The device itself: what it is doing, what it hears, and what is in the way. */

import { byId, setText } from "../design/dom.js";
import { phase } from "./phase.js";

const coarse = matchMedia("(pointer: coarse)");

/** @type {Record<Exclude<import("./types.js").Phase, "waiting">, string>} */
const STATUS = {
  connecting: "Connecting…",
  offline: "Not connected",
  idle: "Ready",
  opening: "Opening the microphone…",
  listening: "Listening",
  thinking: "Thinking…",
  speaking: "Answering",
};

/** @type {Record<import("./types.js").Phase, (state: import("./types.js").State) => string>} */
const HINTS = {
  connecting: () => "",
  offline: () => "Trying again by itself.",
  idle: () => {
    if (coarse.matches) return "Tap and speak, or hold while you speak.";
    if (document.activeElement?.id === "text-input") return "Press the button and speak, or go on typing.";
    return "Press the space bar and speak, or hold it while you speak.";
  },
  waiting: () => "Until then, no sound leaves this device.",
  opening: () => "Your browser may ask you first.",
  listening: () => (coarse.matches ? "Tap when you are done." : "Press again when you are done. Escape cancels."),
  thinking: () => "",
  speaking: ({ ear, ducked }) => {
    if (ducked) return "Turned down while you speak.";
    if (ear === "beside") return coarse.matches ? "Speak or tap to interrupt." : "Speak to interrupt, Escape silences.";
    return coarse.matches ? "Tap to interrupt." : "Space interrupts, Escape silences.";
  },
};

/** Notices that tell of nothing broken. */
const CALM = ["unheard", "offline", "forgotten"];

/** @type {Record<string, string>} */
const TALK_LABELS = { opening: "Cancel", listening: "Done speaking" };

export class View {
  constructor() {
    this.talk = byId("talk");
    this.status = byId("status");
    this.hint = byId("hint");
    this.partial = byId("partial");
    this.notice = byId("notice");
    this.privacy = byId("privacy");
    this.handsFree = byId("hands-free");
  }

  /** @param {import("./types.js").State} state */
  render(state) {
    const now = phase(state);
    const { body } = document;
    body.dataset.phase = now;
    body.dataset.stage = state.turns.length ? "conversation" : "welcome";
    body.dataset.ducked = String(state.ducked);
    setText(this.status, now === "waiting" ? `Waiting for “${state.wake}”` : STATUS[now]);
    setText(this.hint, HINTS[now](state));
    this.handsFree.setAttribute("aria-checked", String(state.handsFree));
    this.talk.setAttribute("aria-label", TALK_LABELS[now] ?? "Speak");
    setText(this.partial, state.partial);
    this.partial.hidden = !state.partial;
    this.#renderNotice(state.notice);
    if (state.storesAudio !== null) this.privacy.dataset.stores = String(state.storesAudio);
  }

  /** @param {import("./types.js").Notice | null} notice */
  #renderNotice(notice) {
    this.notice.hidden = !notice;
    this.notice.dataset.kind = notice?.kind ?? "";
    this.notice.dataset.tone = CALM.includes(this.notice.dataset.kind) ? "calm" : "alarm";
    setText(byId("notice-text"), notice?.text ?? "");
  }
}
