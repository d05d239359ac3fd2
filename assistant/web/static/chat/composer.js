/** Where one writes or speaks. What has been written stays until it is sent, whatever happens to the line. */

import { draw, icon } from "./icons.js";
import { element, setAttribute, setText } from "./dom.js";
import { Recorder } from "./recorder.js";
import { Problem } from "./service.js";

/** Characters of one message; as the service has it. */
const TEXT_MAX = 1000;
/** Held longer than this, the button is let go to send; a shorter tap is followed by another. */
const HOLD_MS = 400;

export class Composer {
  /** @type {"idle" | "opening" | "listening" | "hearing"} */
  #voice = "idle";
  #pressed = 0;

  /**
   * @param {import("./wording.js").Say} say
   * @param {{send: (text: string, how: {voice?: string}) => void, draft: (text: string) => void,
   *   transcribe: (recording: Blob) => Promise<{text: string, voice: string | null}>, problem: (text: string, code: string) => void}} heard
   */
  constructor(say, heard) {
    this.say = say;
    this.heard = heard;
    this.recorder = new Recorder((level) => this.meter.style.setProperty("--level", level.toFixed(2)), () => this.#finish());
    const field = { rows: 1, maxlength: TEXT_MAX, "aria-label": say("write"), placeholder: say("placeholder"), enterkeyhint: "send" };
    this.field = element("textarea", { ...field, oninput: () => this.#written(), onkeydown: (/** @type {KeyboardEvent} */ event) => this.#key(event) });
    this.go = element("button", { type: "submit", class: "icon-button main", "aria-label": say("send") }, icon("send"));
    this.talk = element("button.icon-button", { "aria-label": say("talk"), "aria-pressed": "false", hidden: !Recorder.possible }, icon("microphone"));
    this.talk.addEventListener("pointerdown", (/** @type {PointerEvent} */ event) => event.button === 0 && this.#press());
    this.talk.addEventListener("pointerup", () => performance.now() - this.#pressed > HOLD_MS && this.#finish());
    this.talk.addEventListener("click", (/** @type {MouseEvent} */ event) => event.detail === 0 && this.toggle());
    this.meter = element("span.meter");
    this.hint = element("p.hint");
    this.voice = element("div.voice", { hidden: true }, this.meter, this.hint);
    this.node = element("form.composer", { part: "composer", onsubmit: (/** @type {Event} */ event) => this.#submit(event) },
      element("div.entry", this.field, this.voice, this.talk, this.go));
  }

  get text() {
    return this.field.value;
  }

  set text(text) {
    this.field.value = text;
    this.#grow();
  }

  focus() {
    this.field.focus({ preventScroll: true });
  }

  /** Opens the microphone, or, when it is open, sends what was said. */
  toggle() {
    if (this.#voice === "idle") return this.startVoice();
    return this.#finish();
  }

  async startVoice() {
    if (this.#voice !== "idle") return;
    this.#show("opening", "listening");
    try {
      if (await this.recorder.start()) this.#show("listening", "listening");
    } catch (error) {
      this.#failed(error, "voice_failed");
    }
  }

  /** Lets what was said go. @returns {boolean} whether there was anything */
  cancelVoice() {
    if (this.#voice === "idle") return false;
    this.recorder.stop();
    this.#show("idle");
    return true;
  }

  #press() {
    this.#pressed = this.#voice === "idle" ? performance.now() : Infinity;
    this.toggle();
  }

  async #finish() {
    if (this.#voice !== "listening" && this.#voice !== "opening") return;
    this.#show("hearing", "hearing");
    try {
      const recording = await this.recorder.stop();
      const heard = recording && (await this.heard.transcribe(recording));
      if (this.#voice !== "hearing") return; // let go in the meantime
      this.#show("idle");
      if (heard?.text) this.heard.send(heard.text, { voice: heard.voice ?? undefined });
      else this.heard.problem(this.say("silence"), "voice_silence");
    } catch (error) {
      this.#failed(error, "unreachable");
    }
  }

  /** @param {unknown} error @param {string} otherwise the wording where the problem has none of its own */
  #failed(error, otherwise) {
    this.#show("idle");
    const code = error instanceof Problem ? error.code : otherwise;
    this.heard.problem((error instanceof Problem && error.message) || this.say(code) || this.say(otherwise), code);
  }

  /** @param {"idle" | "opening" | "listening" | "hearing"} state @param {string} [hint] */
  #show(state, hint = "") {
    this.#voice = state;
    const open = state === "opening" || state === "listening";
    this.voice.hidden = state === "idle";
    this.field.hidden = state !== "idle";
    setText(this.hint, hint && this.say(hint));
    this.talk.setAttribute("aria-pressed", String(open));
    this.talk.setAttribute("aria-label", this.say(open ? "stop" : "talk"));
    draw(this.talk, open ? "send" : "microphone");
    setAttribute(this.node, "data-voice", state !== "idle" && state);
  }

  #written() {
    this.#grow();
    this.heard.draft(this.text);
  }

  #grow() {
    this.field.style.blockSize = "auto";
    if (this.field.scrollHeight) this.field.style.blockSize = `${this.field.scrollHeight}px`;
    setAttribute(this.node, "data-empty", !this.text.trim() && "true");
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) this.#submit(event);
  }

  /** @param {Event} event */
  #submit(event) {
    event.preventDefault();
    if (!this.text.trim()) return this.focus();
    this.heard.send(this.text, {});
    this.text = "";
    this.heard.draft("");
    this.focus();
  }
}
