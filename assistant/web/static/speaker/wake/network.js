/** The network of voice/wake/network.py on a stream, and the file that holds it. */

const FORMAT = 1;

/**
 * @typedef {{offsets: number[], stride: number, rows: number, columns: number, weights: Float32Array, bias: Float32Array}} Layer
 * @typedef {{phones: string[], logPriors: number[], mean: number[], left: number, layers: Layer[]}} Network
 */

/** @param {ArrayBuffer} content @returns {Network} */
export function unpack(content) {
  const length = new DataView(content).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(content, 4, length)));
  if (header.format !== FORMAT) throw new Error(`The wake word model has format ${header.format}, unknown here`);
  let position = 4 + length;
  const layers = header.layers.map((/** @type {any} */ { offsets, stride, shape: [rows, columns] }) => {
    const scales = new Float32Array(content, position, rows);
    const bias = new Float32Array(content, position + 4 * rows, rows);
    const rounded = new Int8Array(content, position + 8 * rows, rows * columns);
    const weights = Float32Array.from(rounded, (weight, i) => weight * scales[Math.floor(i / columns)]);
    position += 8 * rows + rows * columns;
    position += -position & 3;
    return { offsets, stride, rows, columns, weights, bias };
  });
  return { phones: header.phones, logPriors: header.log_priors, mean: header.mean, left: header.left, layers };
}

/** Runs one layer on frames as they come. */
class LayerStream {
  /** @type {Float32Array[]} */
  #waiting = [];

  /** @param {Layer} layer @param {boolean} rectified */
  constructor(layer, rectified) {
    this.layer = layer;
    this.rectified = rectified;
    this.span = layer.offsets[layer.offsets.length - 1] + 1;
  }

  /** @param {Float32Array[]} frames */
  process(frames) {
    this.#waiting.push(...frames);
    const outputs = [];
    let at = 0;
    for (; at + this.span <= this.#waiting.length; at += this.layer.stride) outputs.push(this.#output(at));
    this.#waiting.splice(0, at);
    return outputs;
  }

  /** @param {number} at the first of the frames that the output is made of */
  #output(at) {
    const { offsets, rows, columns, weights, bias } = this.layer;
    const output = Float32Array.from(bias);
    const width = columns / offsets.length;
    offsets.forEach((offset, part) => {
      const input = this.#waiting[at + offset];
      for (let row = 0; row < rows; row++) {
        const start = row * columns + part * width;
        let sum = 0;
        for (let i = 0; i < width; i++) sum += weights[start + i] * input[i];
        output[row] += sum;
      }
    });
    return this.rectified ? output.map((value) => Math.max(value, 0)) : output;
  }
}

export class NetworkStream {
  /** @param {Network} network */
  constructor(network) {
    this.network = network;
    const last = network.layers.length - 1;
    this.layers = network.layers.map((layer, index) => new LayerStream(layer, index < last));
  }

  /** @param {Float32Array[]} features @returns {Float64Array[]} log posteriors under equal priors */
  process(features) {
    const logits = this.layers.reduce((frames, layer) => layer.process(frames), features);
    return logits.map((frame) => this.#posteriors(frame));
  }

  /** @param {Float32Array} logits */
  #posteriors(logits) {
    const ratios = Float64Array.from(logits, (logit, phone) => logit - this.network.logPriors[phone]);
    const highest = Math.max(...ratios);
    const total = highest + Math.log(ratios.reduce((sum, ratio) => sum + Math.exp(ratio - highest), 0));
    return ratios.map((ratio) => ratio - total);
  }
}
