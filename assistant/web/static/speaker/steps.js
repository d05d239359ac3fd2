/**
 * The small steps that every part of the state machine is made of.
 *
 * @typedef {import("./types.js").State} State
 * @typedef {import("./types.js").Effect} Effect
 * @typedef {import("./types.js").Step} Step
 */

/** @param {State} state @param {...any} effects @returns {Step} */
export const stay = (state, ...effects) => ({ state, effects });

/** @param {any} message @returns {Effect} */
export const send = (message) => ({ do: "send", message });

/** @param {State} state @param {any} message @returns {Effect[]} */
export const whenOpen = (state, message) => (state.link === "open" ? [send(message)] : []);

/** Nothing more of the present answer is heard, nor listened for beside it. @param {State} state @returns {State} */
export function silenced(state) {
  const ear = state.ear === "beside" ? "shut" : state.ear;
  return { ...state, ear, ducked: false, played: false, speech: { accepted: false, receiving: false, playing: false } };
}

/** Stops the present answer, and says how much of it was heard. @param {State} state @returns {Effect[]} */
export function hush(state) {
  const cut = state.speech.playing && state.request !== null && state.link === "open";
  return [...(cut ? [tellSpoken(state, false)] : []), { do: "stopSpeech" }];
}

/** @param {State} state @param {boolean} whole @returns {Effect} */
export const tellSpoken = (state, whole) => ({ do: "tellSpoken", request: state.request ?? "", whole });

/** The token is kept only once the listener has done something. @param {State} state @returns {Effect[]} */
export const remember = (state) => (state.touched && state.conversation ? [{ do: "remember", token: state.conversation, listener: state.listener }] : []);
