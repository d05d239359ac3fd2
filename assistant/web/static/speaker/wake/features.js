/** Log-mel features of a stream: the same numbers as voice/wake/features.py, where they are described. */

const BINS = 40;
const WINDOW = 400;
export const HOP = 160;
const POINTS = 512;
const RATE = 16_000;
const LOW_HZ = 20;
const HIGH_HZ = 7600;
const PRE_EMPHASIS = 0.97;
const FLOOR = 2 ** -23;
const CMN_WINDOW = 100;
const CMN_GLOBAL = 200;
export const FRAME_OFFSET = (WINDOW - 3 * HOP) / 2;

/** Povey's window: Hann's to the power of 0.85. */
const POVEY = Float64Array.from({ length: WINDOW }, (_, i) => (0.5 - 0.5 * Math.cos((2 * Math.PI * i) / (WINDOW - 1))) ** 0.85);
const COSINES = Float64Array.from({ length: POINTS / 2 }, (_, i) => Math.cos((2 * Math.PI * i) / POINTS));
const SINES = Float64Array.from({ length: POINTS / 2 }, (_, i) => -Math.sin((2 * Math.PI * i) / POINTS));
const REVERSED = Uint16Array.from({ length: POINTS }, (_, i) => {
  let reversed = 0;
  for (let bit = 1; bit < POINTS; bit *= 2) reversed = reversed * 2 + (i & bit ? 1 : 0);
  return reversed;
});
const TRIANGLES = triangles();

/** Each bin's first point of the spectrum, and its weights from there. */
function triangles() {
  const mel = (/** @type {number} */ hertz) => 1127 * Math.log1p(hertz / 700);
  const low = mel(LOW_HZ);
  const width = (mel(HIGH_HZ) - low) / (BINS + 1);
  return Array.from({ length: BINS }, (_, bin) => {
    const left = low + bin * width;
    const weights = [];
    let first = 0;
    for (let point = 0; point <= POINTS / 2; point++) {
      const at = (mel((point * RATE) / POINTS) - left) / width;
      const weight = Math.min(at, 2 - at);
      if (weight <= 0) continue;
      if (!weights.length) first = point;
      weights.push(weight);
    }
    return { first, weights: Float64Array.from(weights) };
  });
}

/** Discrete Fourier transform in place, decimation in time (Cooley and Tukey, 1965). @param {Float64Array} re @param {Float64Array} im */
function transform(re, im) {
  for (let size = 2; size <= POINTS; size *= 2) {
    const half = size / 2;
    const turn = POINTS / size;
    for (let start = 0; start < POINTS; start += size) {
      for (let k = 0; k < half; k++) {
        const a = start + k;
        const b = a + half;
        const c = COSINES[k * turn];
        const s = SINES[k * turn];
        const x = re[b] * c - im[b] * s;
        const y = re[b] * s + im[b] * c;
        re[b] = re[a] - x;
        im[b] = im[a] - y;
        re[a] += x;
        im[a] += y;
      }
    }
  }
}

export class Features {
  #waiting = new Float64Array(WINDOW);
  #filled = 0;
  #re = new Float64Array(POINTS);
  #im = new Float64Array(POINTS);
  #recent = new Float64Array(CMN_WINDOW * BINS);
  #sum = new Float64Array(BINS);
  #count = 0;

  /** @param {ArrayLike<number>} mean of the training data's features */
  constructor(mean) {
    this.mean = mean;
  }

  /** @param {Int16Array} samples @returns {Float32Array[]} the frames that became complete */
  process(samples) {
    const frames = [];
    for (const sample of samples) {
      this.#waiting[this.#filled++] = sample;
      if (this.#filled < WINDOW) continue;
      frames.push(this.#normalised(this.#logMels()));
      this.#waiting.copyWithin(0, HOP);
      this.#filled = WINDOW - HOP;
    }
    return frames;
  }

  #logMels() {
    const mean = this.#waiting.reduce((sum, sample) => sum + sample, 0) / WINDOW;
    this.#re.fill(0);
    this.#im.fill(0);
    let before = this.#waiting[0] - mean;
    for (let i = 0; i < WINDOW; i++) {
      const sample = this.#waiting[i] - mean;
      this.#re[REVERSED[i]] = (sample - PRE_EMPHASIS * before) * POVEY[i];
      before = sample;
    }
    transform(this.#re, this.#im);
    return Float64Array.from(TRIANGLES, ({ first, weights }) => {
      let power = 0;
      for (let i = 0; i < weights.length; i++) power += weights[i] * (this.#re[first + i] ** 2 + this.#im[first + i] ** 2);
      return Math.log(Math.max(power, FLOOR));
    });
  }

  /** Minus the running mean. @param {Float64Array} frame */
  #normalised(frame) {
    const slot = (this.#count % CMN_WINDOW) * BINS;
    const known = Math.min(++this.#count, CMN_WINDOW);
    return Float32Array.from(frame, (value, bin) => {
      this.#sum[bin] += value - this.#recent[slot + bin];
      this.#recent[slot + bin] = value;
      return value - (this.#sum[bin] + CMN_GLOBAL * this.mean[bin]) / (known + CMN_GLOBAL);
    });
  }
}
