/**
 * The speaker as a pure state machine: what happened goes in, the next state and the effects to carry out come out.
 * The states and messages are those of docs/voice-protocol.md. No clock, no DOM, no I/O.
 *
 * @typedef {import("./types.js").State} State
 * @typedef {import("./types.js").Event} Event
 * @typedef {import("./types.js").Step} Step
 */

import { beginUtterance, onCancel, onEnd, onHandsFree, onListen, onMicrophone, onSay } from "./gestures.js";
import { MESSAGES } from "./messages.js";
import { ordered } from "./mix.js";
import { notice } from "./notices.js";
import { isQuiet, mayInterrupt, wantsMicrophone } from "./phase.js";
import { SILENT } from "./report.js";
import { send, stay, tellSpoken, whenOpen } from "./steps.js";
import { markLost } from "./turns.js";

/** @type {State} */
export const INITIAL = Object.freeze({
  link: "connecting",
  server: "idle",
  awaiting: null,
  microphone: "closed",
  echoCancelled: false,
  ear: "shut",
  trigger: "button",
  handsFree: true,
  wake: null,
  voiced: false,
  followUp: false,
  ducked: false,
  played: false,
  request: null,
  superseded: [],
  conversation: null,
  listener: null,
  touched: false,
  storesAudio: null,
  partial: "",
  heard: false,
  turns: [],
  speech: { accepted: false, receiving: false, playing: false },
  held: null,
  player: SILENT,
  content: false,
  sounding: [],
  notice: null,
});

/** @type {Record<Event["type"], (state: State, event: any) => Step>} */
const HANDLERS = {
  link: onLink,
  message: (state, { message }) => MESSAGES[message.type]?.(state, message) ?? stay(state),
  audio: (state, { chunk }) => stay(state, ...(state.speech.accepted ? [{ do: "speak", chunk }] : [])),
  listen: (state) => onListen(state, "button"),
  woken: (state) => (state.wake !== null ? onListen(state, "wake") : stay(state)),
  end: onEnd,
  cancel: onCancel,
  say: (state, { text }) => onSay(state, text),
  microphone: onMicrophone,
  handsFree: (state, { on }) => onHandsFree(state, on),
  wakeWord: (state, { phrase }) => stay({ ...state, wake: phrase, notice: null }),
  spoken: onSpoken,
  duckExpired: (state) => stay({ ...state, ducked: false }),
  content: (state, { sounds }) => stay({ ...state, content: sounds }),
  player: (state, { player }) => stay({ ...state, player }, ...whenOpen(state, { type: "player", player })),
  notice: (state, { notice: told }) => stay({ ...state, notice: told }),
};

/** What follows by itself, in this order, whatever has happened. */
const CONSEQUENCES = [reportSpoken, releaseHeld, followUp, listenBeside, switchMicrophone, ask, orderSounds];

/** @param {State} state @param {Event} event @returns {Step} */
export function reduce(state, event) {
  return CONSEQUENCES.reduce((step, follow) => {
    const next = follow(step.state);
    return next ? stay(next.state, ...step.effects, ...next.effects) : step;
  }, HANDLERS[event.type](state, event));
}

/** @param {State} state @param {{status: "connecting" | "lost"}} event @returns {Step} */
function onLink(state, { status }) {
  if (status === "connecting") return stay({ ...state, link: state.link === "lost" ? "lost" : "connecting" });
  const deaf = { ear: "shut", ducked: false, played: false, followUp: false, voiced: false, partial: "", heard: false };
  const speech = { ...state.speech, accepted: false, receiving: false };
  // The first attempt to connect again mostly succeeds; only after that is there something to be told.
  const told = state.link === "lost" ? notice("offline") : state.notice;
  const rest = { link: "lost", server: "idle", awaiting: null, speech, notice: told, turns: markLost(state.turns) };
  const effects = state.speech.receiving ? [{ do: "finishSpeech" }] : [];
  return stay(/** @type {State} */ ({ ...state, ...deaf, ...rest }), ...effects);
}

/** The last that was to be heard was heard. @param {State} state @returns {Step} */
function onSpoken(state) {
  const over = state.speech.playing && !state.speech.receiving;
  const played = over && state.link === "open" && state.request !== null;
  return stay({ ...state, speech: { ...state.speech, playing: state.speech.receiving }, played: state.played || played });
}

/** Held back while somebody may be speaking, so that words begun on the answer's last syllable are still decided upon. @param {State} state */
function reportSpoken(state) {
  if (!state.played || state.ducked) return null;
  return stay({ ...state, played: false, ear: state.ear === "beside" ? "shut" : state.ear }, tellSpoken(state, true));
}

/** @param {State} state */
function releaseHeld(state) {
  if (!state.held || !isQuiet(state)) return null;
  return stay({ ...state, held: null }, { do: "direct", ...state.held });
}

/** The answer asked something and was played: whoever asked by voice can answer so. @param {State} state */
function followUp(state) {
  if (!state.followUp || !isQuiet(state) || state.link !== "open") return null;
  return stay({ ...state, followUp: false, ear: "wanted", trigger: "follow_up" });
}

/** @param {State} state */
function listenBeside(state) {
  if (state.ear !== "shut" || !state.speech.playing || state.microphone !== "open" || !mayInterrupt(state)) return null;
  return stay({ ...state, ear: "beside" }, send({ type: "listen", trigger: "barge_in" }));
}

/** @param {State} state */
function switchMicrophone(state) {
  const wanted = wantsMicrophone(state);
  if (wanted === (state.microphone !== "closed")) return null;
  if (!wanted) return stay({ ...state, microphone: "closed" }, { do: "closeMicrophone" });
  return stay({ ...state, microphone: "opening" }, { do: "openMicrophone" });
}

/** @param {State} state */
function ask(state) {
  return state.ear === "wanted" && state.microphone === "open" ? beginUtterance(state) : null;
}

/** @param {State} state */
function orderSounds(state) {
  const sounding = ordered(state.sounding, { content: state.content, dialogue: state.speech.playing });
  return sounding === state.sounding ? null : stay({ ...state, sounding });
}
