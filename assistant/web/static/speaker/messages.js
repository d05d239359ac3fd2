/**
 * What the service says at the socket: one function for each kind of message in docs/voice-protocol.md.
 *
 * @typedef {import("./types.js").State} State
 * @typedef {import("./types.js").Step} Step
 */

import { notice } from "./notices.js";
import { adopt, isLate, supersede } from "./requests.js";
import { hush, remember, send, silenced, stay } from "./steps.js";
import { joinHistory, markLost, withReply, withTranscript, withoutUnanswered } from "./turns.js";

/** What begins to sound waits until the answer was spoken, so that neither talks over the other. */
const BEGINS = ["play", "resume", "next"];

/** @type {Record<string, (state: State, message: any) => Step>} */
export const MESSAGES = {
  ready: onReady,
  state: onState,
  speech_started: (state) => stay({ ...state, heard: true }),
  partial: (state, { text }) => stay(state.ear === "utterance" ? { ...state, partial: text } : state),
  final: onFinal,
  reply: onReply,
  audio_begin: onAudioBegin,
  audio_end: onAudioEnd,
  duck: (state, { dialog_request_id: request }) => stay({ ...state, ducked: state.ducked || isBeside(state, request) }),
  restore: (state, { dialog_request_id: request }) => stay({ ...state, ducked: state.ducked && !isBeside(state, request) }),
  interrupt: onInterrupt,
  error: onError,
};

/** @param {State} state @param {string} request */
const isBeside = (state, request) => state.ear === "beside" && state.request === request;

/** @param {State} state @param {any} message */
function onReady(state, { conversation, listener = null, history, stores_audio: storesAudio }) {
  const forgotten = state.conversation !== null && state.conversation !== conversation && state.turns.length > 0;
  const turns = joinHistory(state.turns, history);
  const kept = state.notice?.kind === "offline" ? null : state.notice;
  const told = forgotten ? notice("forgotten") : kept;
  const rest = { link: "open", turns, conversation, listener, storesAudio, server: "idle", awaiting: null, notice: told };
  const next = /** @type {State} */ ({ ...state, ...rest });
  return stay(next, send({ type: "player", player: state.player }), ...remember(next));
}

/** @param {State} state @param {any} message */
function onState(state, { state: server, dialog_request_id: request }) {
  if (state.awaiting && server !== state.awaiting) return stay(state);
  const next = { ...adopt(state, request), server, awaiting: null };
  if (server === "listening") return stay(next);
  const ear = next.ear === "utterance" ? /** @type {const} */ ("shut") : next.ear;
  if (server !== "idle") return stay({ ...next, ear });
  return stay({ ...next, ear, partial: "", turns: withoutUnanswered(next.turns) });
}

/** @param {State} state @param {any} message */
function onFinal(state, { text, dialog_request_id: request }) {
  if (isLate(state, request)) return stay(state);
  const adopted = adopt(state, request);
  const next = { ...adopted, partial: "", turns: withTranscript(adopted.turns, request, text) };
  const missed = !text && state.trigger === "button" && !adopted.turns.some((turn) => turn.request === request);
  return stay(missed ? { ...next, notice: notice("unheard") } : next);
}

/** @param {State} state @param {any} message */
function onReply(state, { reply }) {
  const request = reply.dialog_request_id;
  if (isLate(state, request)) return stay(state);
  const next = adopt(state, request);
  const kept = next.notice?.kind === "unheard" ? null : next.notice;
  const followUp = Boolean(reply.expects_reply) && next.voiced && next.handsFree;
  const answered = { ...next, turns: withReply(next.turns, reply), partial: "", notice: kept, followUp };
  const directives = reply.directives ?? [];
  if (!directives.length) return stay(answered);
  if (directives.some((/** @type {any} */ directive) => BEGINS.includes(directive.type))) {
    return stay({ ...answered, held: { directives, request } });
  }
  return stay(answered, { do: "direct", directives, request });
}

/** @param {State} state @param {any} message */
function onAudioBegin(state, { dialog_request_id: request, rate }) {
  const muted = isLate(state, request) || ["wanted", "utterance"].includes(state.ear) || state.awaiting !== null;
  if (muted) return stay({ ...state, speech: { ...state.speech, accepted: false, receiving: false } });
  const speech = { accepted: true, receiving: true, playing: true };
  return stay({ ...adopt(state, request), speech, played: false }, { do: "beginSpeech", rate });
}

/** @param {State} state @param {any} message */
function onAudioEnd(state, { dialog_request_id: request }) {
  if (isLate(state, request)) return stay(state);
  if (!state.speech.receiving) return stay({ ...state, speech: { ...state.speech, accepted: false } });
  return stay({ ...state, speech: { ...state.speech, accepted: false, receiving: false } }, { do: "finishSpeech" });
}

/** The words into the answer were meant: it stops, and they go on as the next utterance. @param {State} state @param {any} message */
function onInterrupt(state, { dialog_request_id: request }) {
  if (state.request !== request) return stay(state);
  // The listener has just switched off what would have heard the rest.
  if (state.ear !== "beside") return stay({ ...state, awaiting: "idle" }, send({ type: "cancel" }));
  const rest = { ear: "utterance", trigger: "barge_in", server: "listening", awaiting: null, partial: "" };
  const next = supersede(/** @type {State} */ ({ ...silenced(state), ...rest }));
  return stay({ ...next, heard: true, notice: null }, ...hush(state));
}

/** @param {State} state @param {any} message */
function onError(state, { code, message, fatal }) {
  // A message crossed the service's change of state on the wire: there is nothing to tell the listener.
  if (code === "not_now") return stay(state);
  if (code === "conversation_invalid") {
    const told = state.turns.length ? notice("forgotten") : null;
    return stay({ ...state, conversation: null, listener: null, notice: told }, { do: "forget" });
  }
  if (code === "listener_invalid") return stay({ ...state, listener: null }, { do: "forget" });
  const refused = state.awaiting === "listening" || state.server !== "listening";
  const ear = refused && ["wanted", "utterance"].includes(state.ear) ? /** @type {const} */ ("shut") : state.ear;
  // After a fatal error the connection closes and is tried again: its notice goes when that succeeds.
  const told = { kind: fatal ? "offline" : "error", text: message };
  return stay({ ...state, awaiting: null, ear, notice: told, turns: markLost(state.turns) });
}
