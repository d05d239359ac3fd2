/**
 * The speaker's grille: rings of holes that swell with the sound. What is heard travels inwards to the button, what is
 * said travels outwards; while the speaker thinks, a light goes round. It rests, undrawn, when nothing happens.
 */

const RINGS = 8;
/** Closer rings than this run together. */
const GAP_PX = 4.5;
const QUIET = 0.22;
const SPREAD_MS = 55;

const still = matchMedia("(prefers-reduced-motion: reduce)");

export class Grille {
  /** @type {number[]} levels, newest first */
  #levels = new Array(RINGS).fill(0);
  #phase = "idle";
  #frame = 0;
  #pushed = 0;

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {() => number} level how loud the sound of the present phase is, between 0 and 1
   */
  constructor(canvas, level) {
    this.canvas = canvas;
    this.level = level;
    new ResizeObserver(() => this.#draw(performance.now())).observe(canvas);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.refresh());
  }

  /** @param {string} phase */
  show(phase) {
    if (phase === this.#phase) return;
    this.#phase = phase;
    this.refresh();
  }

  /** Draws anew, for as long as something moves. */
  refresh() {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame((now) => this.#tick(now));
  }

  /** @param {number} now */
  #tick(now) {
    if (now - this.#pushed > SPREAD_MS) {
      this.#pushed = now;
      this.#levels = [this.level(), ...this.#levels.slice(0, RINGS - 1)];
    }
    this.#draw(now);
    const turning = this.#phase === "thinking" && !still.matches;
    if (turning || ["listening", "speaking"].includes(this.#phase) || this.#levels.some((level) => level > 0.01)) this.refresh();
  }

  /** @param {number} now */
  #draw(now) {
    const size = this.canvas.clientWidth;
    const context = this.canvas.getContext("2d");
    if (!context || !size) return;
    const scale = devicePixelRatio;
    if (this.canvas.width !== Math.round(size * scale)) this.canvas.width = this.canvas.height = Math.round(size * scale);
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.clearRect(0, 0, size, size);
    context.translate(size / 2, size / 2);
    context.fillStyle = getComputedStyle(this.canvas).color;
    // The button covers the inner part: its edge is at 0.56 of the radius.
    const inner = (size / 2) * 0.66;
    const depth = size / 2 - 4 - inner;
    const rings = Math.min(RINGS, 1 + Math.floor(depth / GAP_PX));
    const gap = depth / (rings - 1);
    for (let ring = 0; ring < rings; ring++) this.#drawRing(context, ring, inner + ring * gap, gap, now);
  }

  /** @param {CanvasRenderingContext2D} context @param {number} ring @param {number} radius @param {number} gap @param {number} now */
  #drawRing(context, ring, radius, gap, now) {
    const holes = Math.round((2 * Math.PI * radius) / (gap * 1.25));
    const inwards = this.#phase === "listening" && !still.matches;
    const level = still.matches ? this.#levels[0] : this.#levels[inwards ? RINGS - 1 - ring : ring];
    const fade = 1 - ring / (RINGS + 1);
    for (let hole = 0; hole < holes; hole++) {
      const angle = ((hole + (ring % 2) / 2) / holes) * 2 * Math.PI;
      const strength = Math.max(level, this.#light(angle, now));
      context.globalAlpha = Math.min(1, fade * (0.42 + strength));
      context.beginPath();
      context.arc(radius * Math.cos(angle), radius * Math.sin(angle), gap * (QUIET + 0.24 * strength), 0, 2 * Math.PI);
      context.fill();
    }
  }

  /** The light that goes round while thinking. @param {number} angle @param {number} now */
  #light(angle, now) {
    if (this.#phase !== "thinking") return 0;
    if (still.matches) return 0.5;
    const behind = ((now / 1400) * 2 * Math.PI - angle) % (2 * Math.PI);
    return Math.max(0, 1 - behind / 2) * 0.9;
  }
}
