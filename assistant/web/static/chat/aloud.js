/** Answers read aloud, one after the other; by Web Audio, for which a page needs no content security policy. */

export class Aloud {
  /** @type {AudioContext | null} */
  #context = null;
  /** @type {AudioBufferSourceNode | null} */
  #playing = null;
  #turn = 0;

  /** Within a tap, or the browser may stay silent. */
  unlock() {
    this.#context ??= new AudioContext();
    this.#context.resume();
  }

  /** Reads this instead of what is being read. @param {Promise<ArrayBuffer>} sound @throws {Error} it cannot be had or played */
  async read(sound) {
    const turn = ++this.#turn;
    this.unlock();
    const context = /** @type {AudioContext} */ (this.#context);
    const buffer = await context.decodeAudioData(await sound);
    if (turn !== this.#turn) return;
    this.#playing?.stop();
    this.#playing = new AudioBufferSourceNode(context, { buffer });
    this.#playing.connect(context.destination);
    this.#playing.start();
  }

  stop() {
    this.#turn++;
    this.#playing?.stop();
    this.#playing = null;
  }
}
