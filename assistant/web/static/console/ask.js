/** Asking without a reload, and aloud: the server draws the conversation, in one way. */

import { Recorder } from "../chat/recorder.js";
import { LIVE, read, replace } from "./live.js";

const REFUSED = "The microphone is not allowed here. You can still write.";
const HEARING = "Listening. Press again when you are done.";

const form = /** @type {HTMLFormElement} */ (document.getElementById("ask"));
const field = /** @type {HTMLInputElement} */ (document.getElementById("said"));
const button = /** @type {HTMLButtonElement} */ (document.getElementById("speak"));
const state = /** @type {HTMLElement} */ (document.getElementById("state"));
const answer = /** @type {HTMLElement} */ (document.getElementById("answer"));
const token = document.body.dataset.csrf ?? "";

/** Only the newest answer is announced, not the whole conversation. @param {Document} page */
function show(page) {
  replace(page, ["talk"]);
  const newest = document.getElementById("newest");
  newest?.scrollIntoView({ block: "nearest" });
  answer.textContent = [...(newest?.querySelectorAll("p") ?? [])].map((one) => one.textContent).join(" ");
}

/** @param {string} said */
async function ask(said) {
  state.textContent = "…";
  try {
    const body = new URLSearchParams({ said, csrf: token });
    show(await read(form.action, { method: "POST", body, headers: LIVE }));
    field.value = "";
    state.textContent = "";
  } catch (error) {
    state.textContent = /** @type {Error} */ (error).message;
  }
  field.focus();
}

document.addEventListener("submit", (event) => {
  const sent = /** @type {HTMLFormElement} */ (event.target);
  const pressed = /** @type {HTMLButtonElement | null} */ (event.submitter);
  if (sent.getAttribute("action") !== form.getAttribute("action")) return;
  event.preventDefault();
  const said = pressed?.name === "said" ? pressed.value : field.value.trim();
  if (said) ask(said);
});

const recorder = new Recorder(
  (level) => button.style.setProperty("--level", String(level)),
  () => finish(),
);

async function begin() {
  button.setAttribute("aria-pressed", "true");
  try {
    if (await recorder.start()) state.textContent = HEARING;
  } catch {
    button.setAttribute("aria-pressed", "false");
    state.textContent = REFUSED;
  }
}

async function finish() {
  button.setAttribute("aria-pressed", "false");
  const recording = await recorder.stop();
  state.textContent = recording ? "…" : "";
  if (!recording) return;
  button.disabled = true;
  try {
    const response = await fetch(`${form.action}/recording`, {
      method: "POST",
      body: recording,
      headers: { "X-CSRF-Token": token, "Content-Type": recording.type, Accept: "application/json" },
    });
    const heard = await response.json();
    if (!response.ok) throw new Error(heard.error?.message ?? "That did not work. Please try again.");
    show(await read(form.action, { headers: LIVE }));
    state.textContent = "";
    if (heard.speech) await new Audio(`${form.action}/speech?${Date.now()}`).play().catch(() => {});
  } catch (error) {
    state.textContent = /** @type {Error} */ (error).message;
  } finally {
    button.disabled = false;
  }
}

if (Recorder.possible) {
  button.hidden = false;
  button.addEventListener("click", () => (button.getAttribute("aria-pressed") === "true" ? finish() : begin()));
}
