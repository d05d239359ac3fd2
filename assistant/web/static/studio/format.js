/** What the studio says of sizes, states and loudness, in words that creators know. */

/** 12 kB, 3.4 MB, 1.2 GB. @param {number} bytes */
export function size(bytes) {
  for (const [unit, name] of /** @type {[number, string][]} */ ([[1e9, "GB"], [1e6, "MB"]])) {
    if (bytes >= unit) return `${(bytes / unit).toFixed(bytes < 10 * unit ? 1 : 0)} ${name}`;
  }
  return `${Math.max(1, Math.round(bytes / 1000))} kB`;
}

/** A number of decibels with a real minus. @param {number} value */
export function decibels(value) {
  const text = Math.abs(value).toFixed(1);
  return value < 0 && text !== "0.0" ? `\u2212${text}` : text;
}

const STEPS = {
  fetch: "Take it in",
  probe: "Look into it",
  loudness: "Make it as loud as the rest",
  artwork: "Make a small picture",
  chapters: "Read its chapters",
  slides: "Find its scenes",
  peaks: "Draw its sound",
  captions: "Write down what is said",
};

/** What a step does. @param {string} step */
export function stepName(step) {
  return STEPS[/** @type {keyof typeof STEPS} */ (step)] ?? step;
}

/** @typedef {{integrated: number | null, range: number | null, true_peak: number | null}} Figures */
/** @typedef {{before: Figures, after: Figures, gain_db: number, target_lufs: number, target_dbtp: number}} Loudness */

/** What was done to the loudness, and why. @param {Loudness} loudness */
export function loudnessWords({ before, after, gain_db: gain, target_lufs: target }) {
  if (before.integrated === null || after.integrated === null) return "It is silent, and stays so.";
  if (Math.abs(gain) < 0.05) return `It came at ${decibels(before.integrated)} LUFS, as loud as everything else here. Nothing was changed.`;
  const how = before.integrated < target ? "quieter" : "louder";
  const change = gain > 0 ? `${decibels(gain)} dB louder` : `${decibels(-gain)} dB softer`;
  const limited = after.true_peak !== null && before.true_peak !== null && before.true_peak + gain > after.true_peak + 0.5;
  const peaks = limited ? " Its loudest peaks were held back, so that nothing distorts." : "";
  return `It came ${how} than everything else here. Listeners hear a copy that is ${change}.${peaks} Your file stays as it is.`;
}

/** In what state an item is. @param {{draft: boolean, visible: boolean, busy: boolean, playable: boolean, failed: string[]}} item */
export function itemState({ draft, visible, busy, playable, failed }) {
  const state = draft ? "Draft: only you see it" : visible ? "Published: listeners can find it" : "Published as soon as it can be played";
  if (busy) return `${state}. Being worked at\u2026`;
  if (failed.length) return playable ? `${state}. Something did not work` : "It cannot be used. See what went wrong";
  return state;
}
