/** A shop's people: who waits, one conversation, and what is written into it. Texts of shoppers are shown as text only. */

import { bindThemeButton } from "../design/theme-button.js";
import { Api } from "./api.js";

const AGAIN_MS = 3_000;
const NAMES = { shopper: "Customer", bot: "Assistant", note: "Note", agent: "Agent", internal: "For colleagues" };
const STATES = { waiting: "waiting for a person", agent: "held by", bot: "with the assistant", closed: "closed" };

/** @param {string} id @returns {any} */
const by = (id) => document.getElementById(id);

/** @type {Api} */
let api;
let open = "";
let typed = 0;

/** @param {string} tag @param {string} text @param {Record<string, string>} [attributes] */
function element(tag, text, attributes = {}) {
  const made = document.createElement(tag);
  made.textContent = text;
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

/** @param {any} thread */
function stateOf(thread) {
  if (thread.contact) return `left a message: ${thread.contact}`;
  return thread.state === "agent" ? `${STATES.agent} ${thread.agent}` : STATES[thread.state];
}

/** @param {any} thread */
function threadItem(thread) {
  const button = element("button", thread.title || "Conversation", {
    type: "button",
    "aria-current": String(thread.id === open),
  });
  button.append(element("small", stateOf(thread)));
  button.addEventListener("click", () => attempt(() => show(thread.id, true)));
  const item = document.createElement("li");
  item.append(button);
  return item;
}

/** @param {any} message */
function messageItem(message) {
  const item = element("li", "", { "data-from": message.from });
  item.append(element("strong", message.name ?? NAMES[message.from]), element("div", message.text));
  if (message.products.length) item.append(element("small", message.products.join(", ")));
  return item;
}

/** @param {any} summary */
function facts(summary) {
  const rows = [
    ["Asked", summary.asked.join(" · ")],
    ["Shown", summary.shown.join(", ")],
    ["Cart", [...summary.cart, summary.total].filter(Boolean).join(", ")],
    ["Order", summary.order],
    ["On the page", summary.page],
  ];
  return rows.filter(([, text]) => text).flatMap(([name, text]) => [element("dt", name), element("dd", text)]);
}

async function list() {
  const threads = await api.threads();
  by("threads").replaceChildren(...threads.map(threadItem));
  by("none").hidden = threads.length > 0;
}

/** @param {string} id @param {boolean} [moved] the person has chosen it, so that the focus goes there */
async function show(id, moved = false) {
  open = id;
  const { thread, summary, messages } = await api.thread(id);
  by("thread").hidden = false;
  by("thread-title").textContent = thread.title || "Conversation";
  by("thread-state").textContent = stateOf(thread);
  by("take").hidden = thread.state === "agent";
  by("close").hidden = thread.state !== "agent" && !thread.contact;
  by("summary").replaceChildren(...facts(summary));
  const log = by("transcript");
  const news = messages.slice(log.dataset.thread === id ? log.children.length : 0).map(messageItem);
  if (log.dataset.thread !== id) log.replaceChildren();
  log.dataset.thread = id;
  log.append(...news);
  if (news.length) by("scroll").scrollTop = by("scroll").scrollHeight;
  if (moved) by("thread-title").focus();
  await list();
}

/** @param {() => Promise<void>} action */
async function attempt(action) {
  by("problem").textContent = "";
  try {
    await action();
  } catch (error) {
    by("problem").textContent = error.message;
  }
}

const refresh = () => attempt(() => (open ? show(open) : list()));

async function watch() {
  for (;;) {
    await api.watch(refresh).catch(() => {});
    await new Promise((go) => setTimeout(go, AGAIN_MS));
    await refresh();
  }
}

by("sign-in-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  api = new Api(by("store").value.trim(), by("key").value.trim());
  by("sign-in-problem").textContent = "";
  try {
    await list();
  } catch (error) {
    by("sign-in-problem").textContent = error.message;
    return;
  }
  by("sign-in").hidden = true;
  by("desk").hidden = false;
  watch();
});

by("take").addEventListener("click", () => attempt(async () => {
  await api.change(open, "take");
  await show(open);
  by("text").focus();
}));

by("close").addEventListener("click", () => attempt(async () => {
  await api.change(open, "close");
  await show(open);
}));

by("text").addEventListener("input", () => {
  if (by("internal").checked || Date.now() - typed < AGAIN_MS) return;
  typed = Date.now();
  api.change(open, "typing").catch(() => {});
});

by("write").addEventListener("submit", (event) => {
  event.preventDefault();
  attempt(async () => {
    await api.change(open, by("internal").checked ? "notes" : "messages", by("text").value);
    by("text").value = "";
    await show(open);
  });
});

by("store").value = new URLSearchParams(location.search).get("store") ?? "";
bindThemeButton(by("theme"), () => null);
