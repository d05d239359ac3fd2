/**
 * The answer's voice: 16 bit chunks scheduled one right after the other, silent at once when told to stop, quiet at once
 * when somebody speaks into it.
 */

import { BACKGROUND } from "./mix.js";

const USUAL_RATE = 22_050;
/** From full volume to the background's, or back: as short as it can be without a click. */
export const RAMP_S = 0.03;
/** Head start of the first chunk, so that the second arrives in time. */
const LEAD_S = 0.06;
const RESUME_WITHIN_MS = 700;

export class SpeechOutput {
  /** @type {AudioContext | null} its rate is the speech's own, so that chunks meet without resampling each */
  #context = null;
  /** @type {GainNode | null} */
  #gain = null;
  #behind = false;
  /** @type {AnalyserNode | null} */
  #analyser = null;
  /** @type {Set<AudioBufferSourceNode>} */
  #sources = new Set();
  /** Context times at which the first chunk began, and at which the last one ends. */
  #began = 0;
  #next = 0;
  #finished = true;
  #wave = new Float32Array(512);

  /** @param {() => void} onSpoken the last chunk was heard, or cannot be */
  constructor(onSpoken) {
    this.onSpoken = onSpoken;
  }

  /** To be called in a gesture: browsers keep sound back until one. */
  unlock() {
    this.#prepare(this.#context?.sampleRate ?? USUAL_RATE).resume();
  }

  /** @param {number} rate hertz */
  begin(rate) {
    this.stop();
    const context = this.#prepare(rate);
    context.resume();
    this.#finished = false;
    this.#next = 0;
    this.#began = 0;
  }

  /** @param {ArrayBuffer} chunk 16 bit little-endian mono */
  speak(chunk) {
    const context = this.#context;
    if (!context || chunk.byteLength < 2) return;
    const samples = new Int16Array(chunk, 0, chunk.byteLength >> 1);
    const buffer = context.createBuffer(1, samples.length, context.sampleRate);
    buffer.copyToChannel(Float32Array.from(samples, (sample) => sample / 32768), 0);
    const source = new AudioBufferSourceNode(context, { buffer });
    source.connect(/** @type {GainNode} */ (this.#gain));
    source.onended = () => {
      this.#sources.delete(source);
      this.#settle();
    };
    this.#sources.add(source);
    this.#next = Math.max(this.#next, context.currentTime + LEAD_S);
    this.#began ||= this.#next;
    source.start(this.#next);
    this.#next += buffer.duration;
  }

  /** No more chunks will come: `onSpoken` follows the last one. */
  finish() {
    this.#finished = true;
    this.#settle();
    const sources = this.#sources;
    setTimeout(() => {
      // The browser still keeps sound back; the page must not wait for a voice nobody hears.
      if (this.#sources === sources && sources.size && this.#context?.state !== "running") this.#silence();
    }, RESUME_WITHIN_MS);
  }

  /** Silent at once, and nothing more is heard of what was begun. */
  stop() {
    this.#finished = false;
    for (const source of this.#sources) {
      source.onended = null;
      source.stop();
    }
    this.#sources = new Set();
  }

  /** Into the background, or out of it. @param {boolean} behind */
  duck(behind) {
    if (behind === this.#behind) return;
    this.#behind = behind;
    if (!this.#context || !this.#gain) return;
    const { gain } = this.#gain;
    gain.cancelScheduledValues(0);
    gain.setValueAtTime(gain.value, this.#context.currentTime);
    gain.linearRampToValueAtTime(behind ? BACKGROUND : 1, this.#context.currentTime + RAMP_S);
  }

  /** How much of what was begun last has been heard, in milliseconds. */
  heardMs() {
    if (!this.#context || !this.#began) return 0;
    return Math.max(0, Math.round((Math.min(this.#context.currentTime, this.#next) - this.#began) * 1000));
  }

  /** How loud the voice is just now, between 0 and 1. */
  level() {
    if (!this.#analyser || this.#sources.size === 0) return 0;
    this.#analyser.getFloatTimeDomainData(this.#wave);
    return Math.min(1, Math.sqrt(this.#wave.reduce((sum, x) => sum + x * x, 0) / this.#wave.length) * 4);
  }

  #silence() {
    this.stop();
    this.onSpoken();
  }

  #settle() {
    if (this.#finished && this.#sources.size === 0) this.onSpoken();
  }

  /** @param {number} rate @returns {AudioContext} */
  #prepare(rate) {
    if (this.#context?.sampleRate === rate) return this.#context;
    this.#context?.close();
    this.#context = new AudioContext({ sampleRate: rate });
    this.#gain = new GainNode(this.#context, { gain: this.#behind ? BACKGROUND : 1 });
    this.#analyser = new AnalyserNode(this.#context, { fftSize: 512 });
    this.#gain.connect(this.#analyser).connect(this.#context.destination);
    return this.#context;
  }
}
