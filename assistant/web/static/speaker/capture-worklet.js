/**
 * The microphone's audio thread: mono samples at the context's rate in, 16 bit frames at 16 kHz and a level out.
 * A page may import this module too, to try the resampler; the processor registers itself in a worklet only.
 */

export const RATE = 16_000;
const FRAME = (RATE * 40) / 1000;
const ZERO_CROSSINGS = 24;
/** Of the lower of the two Nyquist rates; the rest is the filter's transition band. */
const PASS = 0.92;
const KAISER_BETA = 8;

/** Modified Bessel function of the first kind, order zero, by its power series. @param {number} x */
function bessel(x) {
  let sum = 1;
  for (let k = 1, term = 1; term > sum * 1e-9; k++) sum += term *= (x / (2 * k)) ** 2;
  return sum;
}

/** @param {number} a @param {number} b @returns {number} */
const divisor = (a, b) => (b ? divisor(b, a % b) : a);

/**
 * Resamples a stream by a rational factor with a Kaiser-windowed sinc filter in polyphase form
 * (Crochiere and Rabiner, Multirate Digital Signal Processing, 1983).
 */
export class Resampler {
  /** @param {number} from hertz @param {number} to hertz */
  constructor(from, to) {
    const common = divisor(from, to);
    this.up = to / common;
    this.down = from / common;
    const cutoff = (PASS * Math.min(from, to)) / from;
    this.half = Math.ceil(ZERO_CROSSINGS / cutoff);
    this.phases = Array.from({ length: this.up }, (_, phase) => kernel(this.half, cutoff, phase / this.up));
    this.history = new Float32Array(2 * this.half);
    this.phase = 0;
    this.skip = 0;
  }

  /** @param {Float32Array} input @returns {Float32Array} as many samples as are ready; the rest comes with the next call */
  push(input) {
    const samples = new Float32Array(this.history.length + input.length);
    samples.set(this.history);
    samples.set(input, this.history.length);
    const output = [];
    let at = this.skip;
    for (; at + 2 * this.half <= samples.length; ) {
      const weights = this.phases[this.phase];
      let sum = 0;
      for (let i = 0; i < weights.length; i++) sum += weights[i] * samples[at + i];
      output.push(sum);
      this.phase += this.down;
      at += Math.floor(this.phase / this.up);
      this.phase %= this.up;
    }
    const kept = Math.min(at, samples.length);
    this.skip = at - kept;
    this.history = samples.slice(kept);
    return Float32Array.from(output);
  }
}

/** The filter's taps for one sub-sample offset, with unit gain. @param {number} half @param {number} cutoff @param {number} offset */
function kernel(half, cutoff, offset) {
  const taps = new Float32Array(2 * half);
  let sum = 0;
  for (let i = 0; i < taps.length; i++) {
    const x = i - half + 1 - offset;
    const sinc = x === 0 ? 1 : Math.sin(Math.PI * cutoff * x) / (Math.PI * cutoff * x);
    taps[i] = sinc * (Math.abs(x) > half ? 0 : bessel(KAISER_BETA * Math.sqrt(1 - (x / half) ** 2)));
    sum += taps[i];
  }
  return taps.map((tap) => tap / sum);
}

/** How loud samples sound, between 0 (60 dB below full scale) and 1. @param {Float32Array} samples */
export function level(samples) {
  const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
  return Math.min(1, Math.max(0, 1 + (10 * Math.log10(power + 1e-9) + 8) / 52));
}

class Capture extends (globalThis.AudioWorkletProcessor ?? Object) {
  constructor() {
    super();
    this.resampler = new Resampler(Math.round(globalThis.sampleRate), RATE);
    this.frame = new Float32Array(FRAME);
    this.filled = 0;
  }

  /** @param {Float32Array[][]} inputs */
  process([[channel]]) {
    if (!channel) return true;
    for (const sample of this.resampler.push(channel)) {
      this.frame[this.filled++] = sample;
      if (this.filled === FRAME) this.#post();
    }
    return true;
  }

  #post() {
    const pcm = Int16Array.from(this.frame, (sample) => Math.round(Math.max(-1, Math.min(1, sample)) * 32767));
    this.filled = 0;
    /** @type {any} */ (this).port.postMessage({ pcm: pcm.buffer, level: level(this.frame) }, [pcm.buffer]);
  }
}

/** @type {any} */ (globalThis).registerProcessor?.("capture", Capture);
