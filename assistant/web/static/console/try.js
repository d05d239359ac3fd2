/** The simulator: asks without leaving the page, by words or by the microphone, and reads answers aloud. */

import { Recorder } from "../chat/recorder.js";
import { read, replace } from "./live.js";

const form = /** @type {HTMLFormElement} */ (document.getElementById("ask"));
const text = /** @type {HTMLInputElement} */ (document.getElementById("text"));
const speak = /** @type {HTMLButtonElement} */ (document.getElementById("speak"));
const aloud = /** @type {HTMLInputElement} */ (document.getElementById("aloud"));
const sound = /** @type {HTMLAudioElement} */ (document.getElementById("sound"));
const hearing = /** @type {HTMLElement} */ (document.getElementById("hearing"));
const voice = /** @type {HTMLButtonElement} */ (form.querySelector("[formaction]")).formAction;
let busy = false;

/** @param {string} words */
function tell(words) {
  hearing.textContent = words;
}

/** @param {string} address */
function play(address) {
  sound.src = address;
  sound.play().catch(() => tell("The browser did not play the answer. Press Listen."));
}

/** @param {string} address @param {FormData} data */
async function ask(address, data) {
  if (busy) return;
  busy = true;
  tell("One moment …");
  try {
    const page = await read(address, { method: "POST", body: data });
    replace(page, ["talk", "told"]);
    tell(page.getElementById("recording-problem")?.textContent ?? "");
    document.getElementById("last")?.scrollIntoView({ block: "nearest" });
    const last = /** @type {HTMLAnchorElement | null} */ (document.querySelector("[data-last]"));
    if (aloud.checked && last) play(last.href);
  } catch (error) {
    tell(/** @type {Error} */ (error).message);
  } finally {
    busy = false;
  }
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = /** @type {HTMLButtonElement | null} */ (/** @type {SubmitEvent} */ (event).submitter);
  const data = new FormData(form, button);
  const byRecording = button?.hasAttribute("formaction") ?? false;
  if (!byRecording) data.delete("recording");
  if (!byRecording && !data.get("quick")) text.value = "";
  await ask(byRecording ? voice : form.action, data);
  if (!byRecording) text.focus();
});

form.addEventListener("click", (event) => {
  const listen = /** @type {HTMLElement} */ (event.target).closest("[data-speech]");
  if (!(listen instanceof HTMLAnchorElement)) return;
  event.preventDefault();
  play(listen.href);
});

const recorder = new Recorder(
  () => {},
  () => speak.click(),
);

speak.hidden = !Recorder.possible;
speak.addEventListener("click", async () => {
  const recording = speak.getAttribute("aria-pressed") === "true";
  speak.setAttribute("aria-pressed", String(!recording));
  speak.textContent = recording ? "Speak" : "Done";
  if (recording) {
    const blob = await recorder.stop();
    if (!blob) return tell("Nothing was recorded.");
    const data = new FormData(form);
    data.set("recording", blob, "question");
    await ask(voice, data);
    return;
  }
  tell("Listening …");
  try {
    await recorder.start();
  } catch {
    speak.setAttribute("aria-pressed", "false");
    speak.textContent = "Speak";
    tell("The microphone cannot be used here. Allow it in your browser, or write.");
  }
});
