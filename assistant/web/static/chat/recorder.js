/** A spoken message: from opening the microphone to the recording, with how loud it is on the way. */

import { Problem } from "./service.js";

const RECORDING_MS = 60_000;

/** @type {Record<string, string>} names of DOMExceptions, and what they come to */
const PROBLEMS = { NotAllowedError: "voice_refused", SecurityError: "voice_refused" };

export class Recorder {
  /** @type {MediaRecorder | null} */
  #recorder = null;
  /** @type {AudioContext | null} */
  #context = null;
  #opening = 0;

  /** @param {(level: number) => void} onLevel between 0 and 1 @param {() => void} onFull it has been long enough */
  constructor(onLevel, onFull) {
    this.onLevel = onLevel;
    this.onFull = onFull;
  }

  static get possible() {
    return isSecureContext && Boolean(navigator.mediaDevices && globalThis.MediaRecorder);
  }

  /** @returns {Promise<boolean>} false if it was stopped before it had begun @throws {Problem} */
  async start() {
    const opening = ++this.#opening;
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: { echoCancellation: true, noiseSuppression: true, channelCount: 1 } });
    } catch (error) {
      throw new Problem(PROBLEMS[/** @type {Error} */ (error).name] ?? "voice_failed");
    }
    if (opening !== this.#opening) {
      stream.getTracks().forEach((track) => track.stop());
      return false;
    }
    this.#recorder = new MediaRecorder(stream);
    this.#recorder.start();
    this.#listen(stream, this.#recorder);
    setTimeout(() => opening === this.#opening && this.onFull(), RECORDING_MS);
    return true;
  }

  /** @returns {Promise<Blob | null>} null where nothing was recorded */
  async stop() {
    this.#opening++;
    const recorder = this.#recorder;
    this.#recorder = null;
    if (!recorder) return null;
    const recorded = new Promise((done) => recorder.addEventListener("dataavailable", ({ data }) => done(data), { once: true }));
    recorder.stop();
    recorder.stream.getTracks().forEach((track) => track.stop());
    await this.#context?.close();
    this.#context = null;
    const blob = /** @type {Blob} */ (await recorded);
    return blob.size ? blob : null;
  }

  /** @param {MediaStream} stream @param {MediaRecorder} recorder */
  #listen(stream, recorder) {
    const context = (this.#context = new AudioContext());
    const analyser = new AnalyserNode(context, { fftSize: 1024 });
    context.createMediaStreamSource(stream).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    const look = () => {
      if (this.#recorder !== recorder) return;
      analyser.getFloatTimeDomainData(samples);
      const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
      this.onLevel(Math.min(1, Math.sqrt(power) * 5));
      requestAnimationFrame(look);
    };
    look();
  }
}
