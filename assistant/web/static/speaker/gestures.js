/**
 * What the listener does: the button, the word, the keyboard, the switches, and what becomes of the microphone.
 *
 * @typedef {import("./types.js").State} State
 * @typedef {import("./types.js").Step} Step
 */

import { notice } from "./notices.js";
import { phase } from "./phase.js";
import { supersede } from "./requests.js";
import { hush, remember, send, silenced, stay } from "./steps.js";
import { markLost } from "./turns.js";

/** @param {State} state @param {import("./types.js").Trigger} trigger @returns {Step} */
export function onListen(state, trigger) {
  if (state.link !== "open") return stay({ ...state, notice: notice("offline") });
  if (["wanted", "utterance"].includes(state.ear)) return stay(state);
  const quiet = silenced(state);
  const next = /** @type {State} */ ({ ...quiet, ear: "wanted", trigger, followUp: false, touched: true, notice: null });
  return stay(next, ...hush(state), ...remember(next));
}

/**
 * The utterance that was wanted begins, since the microphone is open.
 * @param {State} state @returns {Step}
 */
export function beginUtterance(state) {
  const rest = { ear: "utterance", awaiting: "listening", voiced: true, partial: "", turns: markLost(state.turns) };
  const next = supersede(/** @type {State} */ ({ ...state, ...rest }));
  const unseen = state.trigger === "button" ? [] : [{ do: "cue" }];
  const preRoll = state.trigger === "wake" ? [{ do: "sendPreRoll" }] : [];
  return stay(next, ...unseen, send({ type: "listen", trigger: state.trigger }), ...preRoll);
}

/** @param {State} state @param {{status: string, echoCancelled?: boolean, problem?: string}} event @returns {Step} */
export function onMicrophone(state, { status, echoCancelled, problem }) {
  if (status === "open") {
    if (state.microphone === "closed") return stay(state, { do: "closeMicrophone" });
    return stay({ ...state, microphone: "open", echoCancelled: Boolean(echoCancelled) });
  }
  const deaf = { microphone: "closed", ear: "shut", ducked: false, wake: null };
  const next = /** @type {State} */ ({ ...state, ...deaf, notice: notice(problem ?? "failed") });
  return stay(next, ...(state.ear === "utterance" ? [send({ type: "cancel" })] : []));
}

/** @param {State} state @returns {Step} */
export function onEnd(state) {
  if (state.ear === "wanted") return stay({ ...state, ear: "shut" });
  if (state.ear !== "utterance") return stay(state);
  return stay({ ...state, ear: "shut", server: "thinking" }, send({ type: "end" }));
}

/** @param {State} state @returns {Step} */
export function onCancel(state) {
  const busy = state.awaiting !== null || state.server !== "idle";
  const sent = state.ear !== "wanted" && state.link === "open" && (busy || state.ear === "beside");
  const effects = [...hush(state), ...(sent ? [send({ type: "cancel" })] : [])];
  const quiet = { ...silenced(state), ear: /** @type {const} */ ("shut"), followUp: false, partial: "" };
  if (!busy || !sent) return stay(quiet, ...effects);
  // A cancelled answer that was already being spoken stays on the page, and what it was about to play still plays.
  if (phase(state) === "speaking") return stay({ ...quiet, awaiting: "idle" }, ...effects);
  return stay({ ...supersede({ ...quiet, awaiting: "idle" }), turns: markLost(state.turns) }, ...effects);
}

/** @param {State} state @param {string} text @returns {Step} */
export function onSay(state, text) {
  const said = text.trim();
  if (!said) return stay(state);
  if (state.link !== "open") return stay({ ...state, notice: notice("offline") });
  const cancelled = state.ear === "utterance" ? [send({ type: "cancel" })] : [];
  const turns = [...markLost(state.turns), { request: null, said, reply: null, lost: false }];
  const rest = { ear: "shut", awaiting: "thinking", voiced: false, partial: "", touched: true, notice: null, turns };
  const next = supersede(/** @type {State} */ ({ ...silenced(state), ...rest }));
  return stay(next, ...hush(state), ...cancelled, send({ type: "text", text: said }), ...remember(next));
}

/** @param {State} state @param {boolean} on @returns {Step} */
export function onHandsFree(state, on) {
  if (on || state.ear !== "beside") return stay({ ...state, handsFree: on, followUp: on && state.followUp });
  return stay({ ...state, handsFree: on, followUp: false, ear: "shut", ducked: false });
}
