/**
 * What follows from the state at any moment: what the listener is shown, what is in the background, what the microphone
 * is open for.
 *
 * @typedef {import("./types.js").State} State
 */

import { isBehind } from "./mix.js";

/** @param {State} state @returns {import("./types.js").Phase} */
export function phase(state) {
  if (state.link !== "open") return state.link === "connecting" ? "connecting" : "offline";
  if (state.ear === "wanted") return "opening";
  if (state.ear === "utterance") return "listening";
  if (state.awaiting === "thinking" || (state.server === "thinking" && state.awaiting !== "idle")) return "thinking";
  if (state.speech.playing || state.ear === "beside" || (state.server === "speaking" && !state.awaiting)) return "speaking";
  return state.wake !== null && state.microphone === "open" ? "waiting" : "idle";
}

/**
 * Who gets the microphone's sound: the service, the wake word's detector in this page, or nobody.
 * @param {State} state @returns {"service" | "detector" | "nobody"}
 */
export function hearer(state) {
  if (state.ear === "utterance" || state.ear === "beside") return "service";
  return state.wake !== null ? "detector" : "nobody";
}

/**
 * Whether somebody is being listened to: from the first sign of an utterance until its answer begins or is given up.
 * @param {State} state
 */
function isAttentive(state) {
  const answering = !state.speech.playing && ["thinking", "speaking"].includes(phase(state));
  return ["wanted", "utterance"].includes(state.ear) || state.ducked || answering;
}

/** @param {State} state @param {import("./types.js").Channel} channel */
export const isInBackground = (state, channel) => isBehind(state.sounding, isAttentive(state), channel);

/** Nothing is said on either side, and nothing of it is on its way. @param {State} state */
export const isQuiet = (state) =>
  state.server === "idle" && !state.awaiting && state.ear === "shut" && !state.speech.playing;

/**
 * Whether the listener may speak into the answer: they spoke themselves, the microphone does not hear the loudspeaker,
 * and the switch is on.
 * @param {State} state
 */
export const mayInterrupt = (state) => state.handsFree && state.voiced && state.echoCancelled && state.link === "open";

/** The reasons for which the device is open; there are no others. @param {State} state */
export function wantsMicrophone(state) {
  if (state.ear !== "shut") return true;
  const answer = ["thinking", "speaking"].includes(phase(state)) || state.followUp;
  return (state.wake !== null && state.link === "open") || (mayInterrupt(state) && answer);
}
