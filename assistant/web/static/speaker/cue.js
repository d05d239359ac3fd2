/**
 * The short tone of the Feedback channel that says "speak now" where no button was pressed. It is soft, follows the volume
 * that the listener has chosen, and closing the microphone has none.
 */

const NOTES_HZ = [587.3, 880];
const NOTE_S = 0.085;
/** Of full scale: a sign, not a sound to listen to. */
const LOUDNESS = 0.1;

export class Cue {
  /** @type {AudioContext | null} */
  #context = null;

  /** @param {number} volume in percent; 0 is silence */
  play(volume) {
    if (volume <= 0) return;
    this.#context ??= new AudioContext();
    const context = this.#context;
    context.resume();
    NOTES_HZ.forEach((frequency, index) => {
      const start = context.currentTime + index * NOTE_S;
      const note = new OscillatorNode(context, { frequency });
      const gain = new GainNode(context, { gain: 0 });
      gain.gain.setValueAtTime(0, start);
      gain.gain.linearRampToValueAtTime((LOUDNESS * volume) / 100, start + 0.01);
      gain.gain.exponentialRampToValueAtTime(0.0001, start + 2 * NOTE_S);
      note.connect(gain).connect(context.destination);
      note.start(start);
      note.stop(start + 2 * NOTE_S);
    });
  }
}
