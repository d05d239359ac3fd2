/**
 * The microphone: open only while there is a reason, so that the browser's sign is lit only then. What its sound is for,
 * and whether any of it is sent, is not decided here.
 */

import { RATE } from "./capture-worklet.js";

export { RATE };

/** @type {Record<string, string>} names of DOMExceptions and what they mean to a listener */
const PROBLEMS = {
  NotAllowedError: "refused",
  SecurityError: "refused",
  NotFoundError: "missing",
  OverconstrainedError: "missing",
  NotReadableError: "busy",
  AbortError: "busy",
};

export class Microphone {
  /** @type {AudioContext | null} */
  #context = null;
  /** @type {MediaStream | null} */
  #stream = null;
  #opening = 0;

  /**
   * @param {(pcm: ArrayBuffer) => void} onFrame 40 ms of 16 bit mono samples at `RATE`
   * @param {(level: number) => void} onLevel between 0 and 1, with each frame
   * @param {(event: import("./types.js").Event) => void} onEvent
   */
  constructor(onFrame, onLevel, onEvent) {
    this.onFrame = onFrame;
    this.onLevel = onLevel;
    this.onEvent = onEvent;
  }

  /** Asks for the microphone; whether it opened comes as an event. A `close` in the meantime wins. */
  async open() {
    const attempt = ++this.#opening;
    const missing = this.#missing();
    if (missing) return this.#failed(missing);
    try {
      const audio = { channelCount: 1, echoCancellation: true, noiseSuppression: true, autoGainControl: true };
      const stream = await navigator.mediaDevices.getUserMedia({ audio });
      const context = await this.#running();
      if (attempt !== this.#opening) return stream.getTracks().forEach((track) => track.stop());
      this.#connect(context, stream);
      // What was asked for is only a wish: a browser may not be able to take the loudspeaker out of what it records.
      const echoCancelled = Boolean(stream.getAudioTracks()[0].getSettings().echoCancellation);
      this.onEvent({ type: "microphone", status: "open", echoCancelled });
    } catch (error) {
      if (attempt === this.#opening) this.#failed(PROBLEMS[/** @type {Error} */ (error).name] ?? "failed");
    }
  }

  close() {
    this.#opening++;
    this.#stream?.getTracks().forEach((track) => track.stop());
    this.#stream = null;
    this.#context?.suspend();
    this.onLevel(0);
  }

  #missing() {
    if (!isSecureContext) return "insecure";
    return navigator.mediaDevices && globalThis.AudioWorkletNode ? null : "unsupported";
  }

  /** @param {string} problem */
  #failed(problem) {
    this.close();
    this.onEvent({ type: "microphone", status: "failed", problem });
  }

  async #running() {
    if (!this.#context) {
      const context = new AudioContext({ latencyHint: "interactive" });
      await context.audioWorklet.addModule(new URL("capture-worklet.js", import.meta.url));
      this.#context ??= context;
    }
    await this.#context.resume();
    return this.#context;
  }

  /** @param {AudioContext} context @param {MediaStream} stream */
  #connect(context, stream) {
    this.#stream = stream;
    stream.getAudioTracks()[0].onended = () => this.#failed("failed");
    const capture = new AudioWorkletNode(context, "capture", { numberOfOutputs: 0, channelCount: 1, channelCountMode: "explicit" });
    capture.port.onmessage = ({ data }) => {
      if (this.#stream !== stream) return;
      this.onFrame(data.pcm);
      this.onLevel(data.level);
    };
    context.createMediaStreamSource(stream).connect(capture);
  }
}
