/**
 * Which dialog request counts: each utterance has a new one, and whatever belongs to an older one is dropped.
 *
 * @typedef {import("./types.js").State} State
 */

import { bindAsked } from "./turns.js";

/** How many superseded requests are remembered; a late message is never this late. */
const MEMORY = 64;
/** While one of these is awaited, what arrives still belongs to the request before. */
const PASSING = ["idle", "listening"];

/** @param {State} state @param {string | null} request */
export const isLate = (state, request) =>
  state.superseded.includes(request ?? "") || (PASSING.includes(state.awaiting ?? "") && state.request !== request);

/** @param {State} state @param {string | null | undefined} request */
const isFresh = (state, request) => Boolean(request) && request !== state.request && !isLate(state, request ?? null);

/** Everything that belongs to the present request is too late from now on. @param {State} state @returns {State} */
export function supersede(state) {
  const superseded = state.request ? [...state.superseded, state.request].slice(-MEMORY) : state.superseded;
  return { ...state, request: null, superseded, held: null, followUp: false, heard: false };
}

/** Makes a request that was not seen before the present one. @param {State} state @param {string | null} request */
export function adopt(state, request) {
  if (!request || !isFresh(state, request)) return state;
  const next = { ...supersede(state), request };
  return { ...next, turns: bindAsked(next.turns, request) };
}
