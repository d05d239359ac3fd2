/** Puts the speaker together: events into the state machine, its effects out to the parts, its state to the views. */

import { byId } from "../design/dom.js";
import { Cue } from "./cue.js";
import { Grille } from "./grille.js";
import { LogView } from "./log-view.js";
import { Microphone, RATE } from "./microphone.js";
import { PlayerView } from "./player-view.js";
import { Player } from "./player.js";
import { Session } from "./session.js";
import { SpeechOutput } from "./speech-output.js";
import { forget, isHandsFree, keepHandsFree, recall, remember, shared, takeShared } from "./memory.js";
import { hearer, isInBackground, phase } from "./phase.js";
import { INITIAL, reduce } from "./state.js";
import { bindTalk } from "./talk.js";
import { bindThemeButton } from "../design/theme-button.js";
import { View } from "./view.js";
import { WakeSwitch } from "./wake-switch.js";

/** No ducking lasts longer without a word from the service (docs/voice-protocol.md). */
const DUCKED_AT_MOST_MS = 4_000;

const kept = recall();
const invited = takeShared();
const JOIN = "This link makes what you listen to here part of what its sender listens to, so that either goes on where the other stopped. Do you want that?";
if (invited && confirm(JOIN)) kept.listener = invited;
/** @type {import("./types.js").State} */
let state = { ...INITIAL, ...kept, touched: kept.conversation !== null || kept.listener !== null, handsFree: isHandsFree() };
let heardLevel = 0;
let duckedTimer = 0;

/** @param {import("./types.js").Event} event */
function dispatch(event) {
  const { ducked } = state;
  const step = reduce(state, event);
  state = step.state;
  step.effects.forEach((effect) => EFFECTS[effect.do](/** @type {any} */ (effect)));
  speech.duck(isInBackground(state, "dialogue"));
  player.duck(isInBackground(state, "content"));
  if (state.ducked !== ducked) {
    clearTimeout(duckedTimer);
    if (state.ducked) duckedTimer = setTimeout(() => dispatch({ type: "duckExpired" }), DUCKED_AT_MOST_MS);
  }
  scheduleRender();
}

/** @param {string} text */
const say = (text) => dispatch({ type: "say", text });

const view = new View();
const player = new Player(
  byId("player-media"),
  (report) => dispatch({ type: "player", player: report }),
  () => dispatch({ type: "content", sounds: player.sounds }),
);
const playerView = new PlayerView(player, say);
const logView = new LogView(say, player);
const speech = new SpeechOutput(() => dispatch({ type: "spoken" }));
const cue = new Cue();
const wakeSwitch = new WakeSwitch(dispatch);
const microphone = new Microphone(
  (pcm) => HEARERS[hearer(state)](pcm),
  (level) => {
    heardLevel = level;
    byId("meter").style.setProperty("--level", level.toFixed(3));
  },
  dispatch,
);
const tokens = () => ({ conversation: state.conversation, listener: state.listener });
const grille = new Grille(byId("grille"), () => (phase(state) === "listening" ? heardLevel : speech.level()));
const address = new URL("/api/v1/voice", location.href.replace(/^http/, "ws"));
const session = new Session(address.href, RATE, tokens, dispatch);

/** @type {Record<ReturnType<typeof hearer>, (pcm: ArrayBuffer) => void>} */
const HEARERS = {
  service: (pcm) => session.sendFrame(pcm),
  detector: (pcm) => wakeSwitch.process(pcm),
  nobody: () => {},
};

/** @type {Record<import("./types.js").Effect["do"], (effect: any) => void>} */
const EFFECTS = {
  send: ({ message }) => session.send(message),
  openMicrophone: () => microphone.open(),
  closeMicrophone: () => microphone.close(),
  sendPreRoll: () => session.sendFrame(wakeSwitch.takeAfter()),
  cue: () => cue.play(player.arranged.loudness.volume),
  stopSpeech: () => speech.stop(),
  beginSpeech: ({ rate }) => speech.begin(rate),
  speak: ({ chunk }) => speech.speak(chunk),
  finishSpeech: () => speech.finish(),
  tellSpoken: ({ request, whole }) =>
    session.send({ type: "spoken", dialog_request_id: request, heard_ms: whole ? null : speech.heardMs() }),
  direct: ({ directives, request }) => player.obey(directives, request),
  remember: ({ token, listener }) => remember(token, listener),
  forget,
};

let scheduled = false;

/** Many events may come at once; what they led to is drawn once. */
function scheduleRender() {
  if (scheduled) return;
  scheduled = true;
  queueMicrotask(() => {
    scheduled = false;
    render();
  });
}

function render() {
  view.render(state);
  wakeSwitch.render(state);
  logView.render(state.turns);
  logView.renderPlaying();
  playerView.render();
  grille.show(phase(state));
}

bindTalk(byId("talk"), () => phase(state), dispatch);
bindThemeButton(byId("theme"), () => grille.refresh());
byId("hands-free").onclick = () => {
  dispatch({ type: "handsFree", on: !state.handsFree });
  keepHandsFree(state.handsFree);
};
byId("notice-close").onclick = () => dispatch({ type: "notice", notice: null });
byId("compose").onsubmit = (/** @type {SubmitEvent} */ event) => {
  event.preventDefault();
  const field = byId("text-input");
  say(field.value);
  if (state.link === "open") field.value = "";
};
for (const example of document.querySelectorAll("[data-utterance]")) {
  example.addEventListener("click", () => say(/** @type {HTMLElement} */ (example).dataset.utterance ?? ""));
}
byId("privacy-how").onclick = () => {
  byId("privacy-link").value = state.listener ? shared(state.listener) : "";
  byId("privacy-dialog").showModal();
};
byId("privacy-close").onclick = () => byId("privacy-dialog").close();
byId("privacy-forget").onclick = () => {
  forget();
  location.reload();
};
for (const focus of ["focusin", "focusout"]) addEventListener(focus, scheduleRender);
for (const gesture of ["pointerdown", "keydown"]) addEventListener(gesture, () => speech.unlock(), { once: true });

dispatch({ type: "player", player: player.report }); // a sleep timer may be left from before a reload
session.connect();
render();
