/**
 * One conversation: what is said appears by itself, buttons work without leaving the page, and "/" brings canned
 * replies. What is being written stays through all of it.
 */

import { LIVE, Once, read, replace } from "./live.js";

const TYPING_EVERY_MS = 3_000;
const FOLLOWING = ["head", "side"];
const AFTER_ACTING = [...FOLLOWING, "writing"];

/** @param {string} id @returns {HTMLElement | null} */
const by = (id) => document.getElementById(id);
const id = by("head")?.dataset.conversation;
let typed = 0;
let sending = false;

function scrollDown() {
  const log = by("messages");
  if (log) log.scrollTop = log.scrollHeight;
}

/** @param {string} text */
function wrong(text) {
  const told = by("wrong");
  if (!told) return;
  told.textContent = text;
  told.hidden = !text;
}

/**
 * Puts in what differs; messages singly, so that only new ones are announced. What is being written is kept.
 * @param {Document} page @param {string[]} ids
 */
function draw(page, ids) {
  const written = /** @type {HTMLTextAreaElement | null} */ (by("text"))?.value;
  const log = by("messages");
  const atEnd = !log || log.scrollHeight - log.scrollTop - log.clientHeight < 80;
  for (const fresh of page.querySelectorAll("#messages li[id]")) {
    const old = by(fresh.id);
    if (!old) log?.querySelector("ol")?.append(fresh);
    else if (old.textContent !== fresh.textContent) old.replaceWith(fresh);
  }
  replace(page, ids);
  const text = /** @type {HTMLTextAreaElement | null} */ (by("text"));
  if (text && written && text.value !== written) text.value = written;
  if (atEnd) scrollDown();
}

const follow = new Once(async () => {
  if (by("messages")?.dataset.newest !== "1") return;
  const page = await read(location.href, { headers: LIVE });
  // Who answers has changed: another form belongs below.
  const changed = by("write")?.dataset.typing !== page.getElementById("write")?.dataset.typing;
  draw(page, changed ? AFTER_ACTING : FOLLOWING);
});

document.addEventListener("sori-conversations", (event) => {
  const { detail } = /** @type {CustomEvent} */ (event);
  if (!detail.conversation || detail.conversation === id) follow.run();
});

/** @param {HTMLFormElement} form @param {HTMLElement | null} button */
async function send(form, button) {
  if (sending) return; // Enter was hit twice
  sending = true;
  const body = new URLSearchParams();
  for (const [name, value] of new FormData(form, button)) if (typeof value === "string") body.append(name, value);
  wrong("");
  try {
    const page = await read(form.action, { method: "POST", body });
    const problem = page.getElementById("wrong")?.textContent ?? "";
    const said = page.querySelector(".notice[role=status]")?.textContent?.trim() ?? "";
    wrong(problem || said);
    draw(page, problem ? FOLLOWING : AFTER_ACTING);
    if (problem) return;
    const text = /** @type {HTMLTextAreaElement | null} */ (by("text"));
    if (text && form.id === "write") text.value = "";
    scrollDown();
    text?.focus();
  } catch (error) {
    wrong(/** @type {Error} */ (error).message);
  } finally {
    sending = false;
  }
}

document.addEventListener("submit", (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  if (form.id !== "write" && !("act" in form.dataset)) return;
  event.preventDefault();
  send(form, /** @type {SubmitEvent} */ (event).submitter);
});

document.addEventListener("click", (event) => {
  const use = /** @type {HTMLElement} */ (event.target).closest("[data-shortcut]");
  if (!(use instanceof HTMLElement)) return;
  event.preventDefault();
  insert(use.dataset.text ?? "");
});

/** @param {string} words */
function insert(words) {
  const text = /** @type {HTMLTextAreaElement} */ (by("text"));
  text.value = text.value.replace(/(^|\s)\/[a-z0-9-]*$/, "$1") + words;
  /** @type {HTMLDetailsElement} */ (by("canned")).open = false;
  narrow("");
  text.focus();
}

/** Shows the canned replies whose shortcut or words begin so. @param {string} begun */
function narrow(begun) {
  for (const use of document.querySelectorAll("#canned [data-shortcut]")) {
    if (!(use instanceof HTMLElement)) continue;
    const row = /** @type {HTMLElement} */ (use.closest("li"));
    row.hidden = !use.dataset.shortcut?.startsWith(begun);
  }
}

const shownReplies = () =>
  [...document.querySelectorAll("#canned li:not([hidden]) [data-shortcut]")].filter((one) => one instanceof HTMLElement);

document.addEventListener("input", (event) => {
  const text = /** @type {HTMLTextAreaElement} */ (event.target);
  if (text.id !== "text") return;
  const form = /** @type {HTMLFormElement} */ (text.form);
  const canned = /** @type {HTMLDetailsElement | null} */ (by("canned"));
  const begun = /(?:^|\s)\/([a-z0-9-]*)$/.exec(text.value)?.[1];
  if (canned) {
    canned.open = begun !== undefined;
    narrow(begun ?? "");
  }
  if (!form.dataset.typing || Date.now() - typed < TYPING_EVERY_MS) return;
  typed = Date.now();
  fetch(form.dataset.typing, { method: "POST", headers: { "X-CSRF-Token": document.body.dataset.csrf ?? "" } }).catch(
    () => {},
  );
});

document.addEventListener("keydown", (event) => {
  const text = /** @type {HTMLTextAreaElement} */ (event.target);
  if (text.id !== "text" || event.isComposing) return;
  const canned = /** @type {HTMLDetailsElement | null} */ (by("canned"));
  const first = canned?.open ? shownReplies()[0] : undefined;
  if (event.key === "Escape" && canned?.open) canned.open = false;
  else if (event.key === "Tab" && !event.shiftKey && first && /(?:^|\s)\/[a-z0-9-]+$/.test(text.value)) {
    event.preventDefault();
    insert(/** @type {HTMLElement} */ (first).dataset.text ?? "");
  } else if (event.key === "Enter" && !event.shiftKey && text.form?.dataset.typing) {
    event.preventDefault();
    text.form.requestSubmit(/** @type {HTMLElement} */ (text.form.querySelector("[value=say]")));
  }
});

const sought = document.querySelector("[data-sought]");
if (sought) sought.scrollIntoView({ block: "center" });
else scrollDown();
