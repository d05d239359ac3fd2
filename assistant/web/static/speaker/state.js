/**
 * The speaker as a pure state machine: what happened goes in, the next state and the effects to carry out come out.
 * The states and messages are those of docs/voice-protocol.md. No clock, no DOM, no I/O.
 *
 * @typedef {import("./types.js").State} State
 * @typedef {import("./types.js").Event} Event
 * @typedef {import("./types.js").Effect} Effect
 * @typedef {import("./types.js").Phase} Phase
 * @typedef {{state: State, effects: Effect[]}} Step
 */

import { notice } from "./notices.js";
import { bindAsked, joinHistory, markLost, withReply, withTranscript } from "./turns.js";

/** How many superseded requests are remembered; a late message is never this late. */
const MEMORY = 64;

/** @type {State} */
export const INITIAL = Object.freeze({
  link: "connecting",
  server: "idle",
  awaiting: null,
  microphone: "closed",
  request: null,
  superseded: [],
  conversation: null,
  touched: false,
  storesAudio: null,
  partial: "",
  heard: false,
  turns: [],
  speech: { accepted: false, receiving: false, playing: false },
  held: null,
  player: { state: "stopped", item: null, position_ms: 0, volume: 60, dialog_request_id: null },
  notice: null,
});

/**
 * What the listener is shown the speaker to be doing.
 * @param {State} state
 * @returns {Phase}
 */
export function phase(state) {
  if (state.link !== "open") return state.link === "connecting" ? "connecting" : "offline";
  if (state.microphone === "opening") return "opening";
  if (state.microphone === "open") return "listening";
  if (state.awaiting === "thinking" || (state.server === "thinking" && state.awaiting !== "idle")) return "thinking";
  return isSpeaking(state) ? "speaking" : "idle";
}

/**
 * Whether the player is turned down: from the moment the listener speaks until the answer is spoken.
 * @param {State} state
 */
export function isDucked(state) {
  return state.microphone !== "closed" || state.speech.playing || ["thinking", "speaking"].includes(phase(state));
}

/** @param {State} state */
function isSpeaking(state) {
  return state.speech.playing || (state.server === "speaking" && state.awaiting === null);
}

/**
 * @param {State} state
 * @param {Event} event
 * @returns {Step}
 */
export function reduce(state, event) {
  const step = HANDLERS[event.type](state, /** @type {any} */ (event));
  return releaseHeld(step);
}

/** A `play` starts when the answer has been spoken, so that its first words are not talked over. @param {Step} step */
function releaseHeld({ state, effects }) {
  const quiet = state.server === "idle" && !state.awaiting && state.microphone === "closed" && !state.speech.playing;
  if (!state.held || !quiet) return { state, effects };
  return { state: { ...state, held: null }, effects: [...effects, { do: "direct", ...state.held }] };
}

/** @type {Record<Event["type"], (state: State, event: any) => Step>} */
const HANDLERS = {
  link: onLink,
  message: (state, { message }) => MESSAGES[message.type]?.(state, message) ?? stay(state),
  audio: (state, { chunk }) => stay(state, ...(state.speech.accepted ? [{ do: "speak", chunk }] : [])),
  listen: onListen,
  end: onEnd,
  cancel: onCancel,
  say: onSay,
  microphone: onMicrophone,
  spoken: (state) => stay({ ...state, speech: { ...state.speech, playing: state.speech.receiving } }),
  player: (state, { player }) => stay({ ...state, player }, ...whenOpen(state, { type: "player", player })),
  notice: (state, { notice }) => stay({ ...state, notice }),
};

/** @param {State} state @param {...any} effects @returns {Step} */
function stay(state, ...effects) {
  return { state, effects };
}

/** @param {any} message @returns {Effect} */
const send = (message) => ({ do: "send", message });
/** @param {State} state @param {any} message */
const whenOpen = (state, message) => (state.link === "open" ? [send(message)] : []);

/** @param {State} state @param {{status: "connecting" | "lost"}} event */
function onLink(state, { status }) {
  if (status === "connecting") return stay({ ...state, link: state.link === "lost" ? "lost" : "connecting" });
  const effects = [...closeMicrophone(state), ...(state.speech.receiving ? [{ do: "finishSpeech" }] : [])];
  const quiet = { link: "lost", server: "idle", awaiting: null, microphone: "closed", partial: "", heard: false };
  const speech = { ...state.speech, accepted: false, receiving: false };
  return stay(/** @type {State} */ ({ ...state, ...quiet, speech, turns: markLost(state.turns) }), ...effects);
}

// What the listener does

/** @param {State} state */
function onListen(state) {
  if (state.link !== "open") return stay({ ...state, notice: notice("offline") });
  if (state.microphone !== "closed") return stay(state);
  const next = { ...silence(state), microphone: /** @type {const} */ ("opening"), touched: true, notice: null };
  return stay(next, { do: "stopSpeech" }, { do: "openMicrophone" }, ...remember(next));
}

/** @param {State} state @param {{status: "open" | "failed", problem?: string}} event */
function onMicrophone(state, { status, problem }) {
  if (status === "failed") {
    const next = { ...state, microphone: /** @type {const} */ ("closed"), notice: notice(problem ?? "failed") };
    return stay(next, ...(state.awaiting === "listening" || state.server === "listening" ? [send({ type: "cancel" })] : []));
  }
  if (state.microphone !== "opening") return stay(state, { do: "closeMicrophone" });
  const turns = markLost(state.turns);
  const next = supersede({ ...state, microphone: "open", awaiting: "listening", partial: "", turns });
  return stay(next, send({ type: "listen" }));
}

/** @param {State} state */
function onEnd(state) {
  if (state.microphone !== "open") return stay({ ...state, microphone: "closed" }, ...closeMicrophone(state));
  return stay({ ...state, microphone: "closed", server: "thinking" }, { do: "closeMicrophone" }, send({ type: "end" }));
}

/** @param {State} state */
function onCancel(state) {
  const busy = state.awaiting !== null || state.server !== "idle";
  /** @type {Effect[]} */
  const effects = [...closeMicrophone(state), { do: "stopSpeech" }];
  const speaking = phase(state) === "speaking";
  let next = { ...silence(state), microphone: /** @type {const} */ ("closed"), partial: "" };
  if (busy && state.microphone !== "opening") {
    effects.push(send({ type: "cancel" }));
    next = { ...next, awaiting: "idle" };
    // A cancelled answer that was already being spoken stays on the page, and what it was about to play still plays.
    if (!speaking) next = { ...supersede(next), turns: markLost(next.turns) };
  }
  return stay(next, ...effects);
}

/** @param {State} state @param {{text: string}} event */
function onSay(state, { text }) {
  const said = text.trim();
  if (!said) return stay(state);
  if (state.link !== "open") return stay({ ...state, notice: notice("offline") });
  const silenced = [...closeMicrophone(state), { do: "stopSpeech" }];
  const cancelled = state.microphone === "open" ? [send({ type: "cancel" })] : [];
  const turns = [...markLost(state.turns), { request: null, said, reply: null, lost: false }];
  const rest = { microphone: "closed", awaiting: "thinking", partial: "", touched: true, notice: null, turns };
  const next = supersede(/** @type {State} */ ({ ...silence(state), ...rest }));
  return stay(next, ...silenced, ...cancelled, send({ type: "text", text: said }), ...remember(next));
}

// What the service says

/** @type {Record<string, (state: State, message: any) => Step>} */
const MESSAGES = {
  ready: onReady,
  state: onState,
  speech_started: (state) => stay({ ...state, heard: true }),
  partial: (state, { text }) => stay(state.microphone === "open" ? { ...state, partial: text } : state),
  final: onFinal,
  reply: onReply,
  audio_begin: onAudioBegin,
  audio_end: onAudioEnd,
  error: onError,
};

/** @param {State} state @param {any} message */
function onReady(state, { conversation, history, stores_audio: storesAudio }) {
  const forgotten = state.conversation !== null && state.conversation !== conversation && state.turns.length > 0;
  const turns = joinHistory(state.turns, history);
  const kept = state.notice?.kind === "offline" ? null : state.notice;
  const told = forgotten ? notice("forgotten") : kept;
  const rest = { link: "open", turns, conversation, storesAudio, server: "idle", awaiting: null, notice: told };
  const next = /** @type {State} */ ({ ...state, ...rest });
  const report = state.player.item ? [send({ type: "player", player: state.player })] : [];
  return stay(next, ...report, ...remember(next));
}

/** @param {State} state @param {any} message */
function onState(state, { state: server, dialog_request_id: request }) {
  if (state.awaiting && server !== state.awaiting) return stay(state);
  const adopted = adopt(state, request);
  const next = { ...adopted, server, awaiting: null };
  if (server === "listening") return stay(next);
  const closed = { ...next, microphone: next.microphone === "open" ? "closed" : next.microphone };
  if (server === "idle") closed.partial = "";
  return stay(/** @type {State} */ (closed), ...(state.microphone === "open" ? [{ do: "closeMicrophone" }] : []));
}

/** @param {State} state @param {any} message */
function onFinal(state, { text, dialog_request_id: request }) {
  if (isLate(state, request)) return stay(state);
  const adopted = adopt(state, request);
  const next = { ...adopted, partial: "", turns: withTranscript(adopted.turns, request, text) };
  if (!text && !adopted.turns.some((turn) => turn.request === request)) next.notice = notice("unheard");
  return stay(next);
}

/** @param {State} state @param {any} message */
function onReply(state, { reply }) {
  const request = reply.dialog_request_id;
  if (isLate(state, request)) return stay(state);
  const next = adopt(state, request);
  const kept = next.notice?.kind === "unheard" ? null : next.notice;
  const answered = { ...next, turns: withReply(next.turns, reply), partial: "", notice: kept };
  const directives = reply.directives ?? [];
  if (!directives.length) return stay(answered);
  if (directives.some((/** @type {any} */ directive) => directive.type === "play")) {
    return stay({ ...answered, held: { directives, request } });
  }
  return stay(answered, { do: "direct", directives, request });
}

/** @param {State} state @param {any} message */
function onAudioBegin(state, { dialog_request_id: request, rate }) {
  const muted = isLate(state, request) || state.microphone !== "closed" || state.awaiting !== null;
  if (muted) return stay({ ...state, speech: { ...state.speech, accepted: false, receiving: false } });
  const speech = { accepted: true, receiving: true, playing: true };
  return stay({ ...adopt(state, request), speech }, { do: "beginSpeech", rate });
}

/** @param {State} state @param {any} message */
function onAudioEnd(state, { dialog_request_id: request }) {
  if (isLate(state, request)) return stay(state);
  if (!state.speech.receiving) return stay({ ...state, speech: { ...state.speech, accepted: false } });
  return stay({ ...state, speech: { ...state.speech, accepted: false, receiving: false } }, { do: "finishSpeech" });
}

/** @param {State} state @param {any} message */
function onError(state, { code, message, fatal }) {
  // A message crossed the service's change of state on the wire: there is nothing to tell the listener.
  if (code === "not_now") return stay(state);
  const refused = state.awaiting === "listening" || state.server !== "listening";
  if (code === "conversation_invalid") {
    const told = state.turns.length ? notice("forgotten") : null;
    return stay({ ...state, conversation: null, notice: told }, { do: "forget" });
  }
  // After a fatal error the connection closes and is tried again: its notice goes when that succeeds.
  const told = { kind: fatal ? "offline" : "error", text: message };
  const next = { ...state, awaiting: null, notice: told, turns: markLost(state.turns) };
  if (!refused) return stay(next);
  return stay({ ...next, microphone: "closed" }, ...closeMicrophone(state));
}

// Which request counts

/** While one of these is awaited, what arrives still belongs to the request before. */
const PASSING = ["idle", "listening"];

/** @param {State} state @param {string | null} request */
const isLate = (state, request) =>
  state.superseded.includes(request ?? "") || (PASSING.includes(state.awaiting ?? "") && state.request !== request);

/** @param {State} state @param {string | null | undefined} request */
const isFresh = (state, request) => Boolean(request) && request !== state.request && !isLate(state, request ?? null);

/** Everything that belongs to the present request is too late from now on. @param {State} state @returns {State} */
function supersede(state) {
  const superseded = state.request ? [...state.superseded, state.request].slice(-MEMORY) : state.superseded;
  return { ...state, request: null, superseded, held: null, heard: false };
}

/** Makes a request that was not seen before the present one. @param {State} state @param {string | null} request */
function adopt(state, request) {
  if (!request || !isFresh(state, request)) return state;
  const next = { ...supersede(state), request, held: null };
  return { ...next, turns: bindAsked(next.turns, request) };
}

/** Nothing more of the present answer is heard. @param {State} state @returns {State} */
function silence(state) {
  return { ...state, speech: { accepted: false, receiving: false, playing: false } };
}

/** @param {State} state @returns {Effect[]} */
const closeMicrophone = (state) => (state.microphone === "closed" ? [] : [{ do: "closeMicrophone" }]);

/** The token is kept only once the listener has done something. @param {State} state @returns {Effect[]} */
const remember = (state) => (state.touched && state.conversation ? [{ do: "remember", token: state.conversation }] : []);
