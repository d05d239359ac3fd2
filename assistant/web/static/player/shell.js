/** The parts that one sees around the views: artwork and title, the screen, the controls, the panel with its tabs. */

import { element } from "./dom.js";
import { draw, icon } from "./icons.js";
import { SPEEDS } from "./pace.js";

/** @typedef {(command: import("./keys.js").Command) => void} Give */

/**
 * @param {Give} give
 * @param {{timeline: Node, book: Node, pages: {name: string, label: string, node: HTMLElement}[]}} views
 */
export function shell(give, views) {
  const media = element("video", { class: "media", part: "video", playsinline: true, preload: "none" });
  /** @param {import("./keys.js").Command} command @param {any} shape @param {string} label */
  const button = (command, shape, label, kind = "icon-button") => {
    const named = { "aria-label": label, title: label, "data-command": command };
    return element("button", { class: kind, type: "button", part: "button", ...named, onclick: () => give(command) }, icon(shape));
  };
  const art = element("div", { class: "art", part: "artwork" }, icon("note"), element("img", { alt: "", hidden: true }));
  const title = element("a", { class: "title", part: "title", target: "_blank", rel: "noopener" });
  const about = element("p", { class: "creator", part: "creator" });
  const caption = element("p", { class: "caption", part: "caption", dir: "auto" });
  const notice = element("div", { class: "notice", role: "alert", hidden: true });
  const buttons = {
    previous: button("previous", "previous", "Previous scene"),
    back: button("back", "back", "15 seconds back"),
    toggle: button("toggle", "play", "Play", "icon-button main"),
    forward: button("forward", "forward", "30 seconds ahead"),
    next: button("next", "next", "Next scene"),
    mute: button("mute", "volume", "Sound off"),
    captions: button("captions", "captions", "Captions"),
    slides: button("slides", "slides", "Read as slides"),
    share: button("share", "share", "Share"),
    expand: button("expand", "expand", "Full screen"),
    help: button("help", "help", "Keys"),
  };
  for (const name of /** @type {const} */ (["captions", "slides", "mute"])) buttons[name].setAttribute("aria-pressed", "false");
  const speed = choice("Speed");
  const volume = element("input", { class: "volume", type: "range", min: 0, max: 100, step: 5, value: 100, "aria-label": "Volume" });
  const [elapsed, chapter, whole] = [element("span"), element("span", { class: "chapter", dir: "auto" }), element("span")];
  const { previous, back, toggle, forward, next, mute, captions, slides, share, expand, help } = buttons;
  const transport = element("div", { class: "row transport", dir: "ltr" }, previous, back, toggle, forward, next);
  const loud = element("span", { class: "loud" }, mute, volume);
  const more = element("div", { class: "row more" }, speed, loud, captions, slides, share, expand, help);
  const deck = element("div", { class: "deck", part: "controls" },
    views.timeline,
    element("p", { class: "clock", dir: "ltr" }, elapsed, chapter, whole),
    element("div", { class: "controls", role: "group", "aria-label": "Controls" },
      transport,
      more,
    ),
  );
  const { panel, choose } = tabs(views.pages);
  const said = element("p", { class: "unseen", role: "status" });
  const stage = element("div", { class: "stage" }, media, views.book);
  const region = { role: "region", tabindex: -1, "aria-label": "Player", "data-state": "loading", "data-view": "wave" };
  const root = element("div", { class: "player", part: "player", ...region },
    stage,
    element("div", { class: "about", part: "about" }, art, element("div", { class: "names" }, title, about, caption)),
    element("div", { class: "below" }, deck, notice),
    panel,
    said,
  );
  const times = { elapsed, chapter, whole };
  return { root, media, art, title, about, caption, notice, buttons, speed, volume, times, deck, panel, choose, said };
}

/** A choice of speeds. @param {string} label @returns {HTMLSelectElement} */
export function choice(label) {
  const options = SPEEDS.map((speed) => element("option", { value: speed, selected: speed === 1 }, `${speed}×`));
  return element("select", { class: "speed", "aria-label": label, title: label }, ...options);
}

/** Shows a speed, also one that is not offered. @param {HTMLSelectElement} select @param {number} speed */
export function showSpeed(select, speed) {
  const value = String(speed);
  if (select.value === value) return;
  if (![...select.options].some((option) => option.value === value)) select.append(element("option", { value }, `${speed}×`));
  select.value = value;
}

/** @param {Element} button @param {any} shape @param {string} label @param {boolean} [pressed] */
export function mark(button, shape, label, pressed) {
  draw(button, shape);
  button.setAttribute("aria-label", label);
  button.setAttribute("title", label);
  if (pressed !== undefined) button.setAttribute("aria-pressed", String(pressed));
}

/**
 * Tabs after the ARIA pattern: arrows choose, one stop for the Tab key.
 * @param {{name: string, label: string, node: HTMLElement}[]} pages
 */
function tabs(pages) {
  const buttons = pages.map(({ name, label }) =>
    element(
      "button",
      { class: "tab", type: "button", role: "tab", id: `tab-${name}`, "aria-controls": `page-${name}`, onclick: () => choose(name) },
      label,
    ),
  );
  const list = element("div", { class: "tabs", role: "tablist", "aria-label": "What is in it" }, ...buttons);
  list.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    const mirrored = getComputedStyle(list).direction === "rtl" ? -1 : 1;
    const step = { ArrowRight: mirrored, ArrowLeft: -mirrored }[event.key];
    if (!step) return;
    event.preventDefault();
    const at = buttons.indexOf(/** @type {any} */ (event.target));
    const next = (at + step + buttons.length) % buttons.length;
    choose(pages[next].name);
    buttons[next].focus();
  });
  /** @param {string} chosen */
  const choose = (chosen) =>
    pages.forEach(({ name, node }, index) => {
      node.hidden = name !== chosen;
      buttons[index].setAttribute("aria-selected", String(name === chosen));
      buttons[index].tabIndex = name === chosen ? 0 : -1;
    });
  for (const { name, node } of pages) {
    const attributes = { role: "tabpanel", id: `page-${name}`, "aria-labelledby": `tab-${name}` };
    for (const [attribute, value] of Object.entries(attributes)) node.setAttribute(attribute, value);
  }
  const panel = element("div", { class: "panel", part: "panel" }, list, ...pages.map(({ node }) => node));
  choose(pages[0].name);
  return { panel, choose };
}
