/** The chat's icons, drawn in place: a sprite may not be used across origins. */

const SVG = "http://www.w3.org/2000/svg";

const PATHS = {
  chat: "M12 4c-5 0-8.5 3.2-8.5 7.3 0 2.3 1 4.2 2.7 5.5l-.7 3.7 4.2-2c5.8 1.4 10.8-2.2 10.8-7.2S17 4 12 4z",
  close: "M6.5 6.5l11 11M17.5 6.5l-11 11",
  send: "M12 19V5.5M6 11l6-6 6 6",
  microphone: "M12 3.5a3 3 0 0 1 3 3v5a3 3 0 0 1-6 0v-5a3 3 0 0 1 3-3zM6 11.5a6 6 0 0 0 12 0M12 17.5v3",
  loud: "M4.5 10v4h3l4.5 4V6l-4.5 4zM15.5 9a4 4 0 0 1 0 6M18 7a7 7 0 0 1 0 10",
  quiet: "M4.5 10v4h3l4.5 4V6l-4.5 4zM16 10l4 4M20 10l-4 4",
  person: "M12 4a3.5 3.5 0 1 1 0 7a3.5 3.5 0 1 1 0-7zM5 20c.5-3.5 3.5-5.5 7-5.5s6.5 2 7 5.5",
  list: "M4.5 7h15M4.5 12h15M4.5 17h9",
  cart: "M3.5 4.5H6l2 10h9.5l2-7h-13M9.5 18.5v.2M16 18.5v.2",
  left: "M14.5 6l-6 6 6 6",
  right: "M9.5 6l6 6-6 6",
  plus: "M12 5.5v13M5.5 12h13",
  minus: "M5.5 12h13",
  bin: "M5 7h14M9.5 7V4.5h5V7M7 7l1 12.5h8L17 7",
  good: "M7.5 10.5v9H4v-9h3.5l4-6.5c1.5 0 2.5 1 2 2.5l-.5 3h5.5c1 0 2 1 1.5 2l-1.5 6c0 1-1 2-2 2h-9",
  star: "M12 3.5L14.5 9l6 1-4.5 4 1 6-5-3-5 3 1-6-4.5-4 6-1z",
  check: "M5 12.5l4.5 4.5 10-9.5",
  alert: "M12 3.5a8.5 8.5 0 1 1 0 17a8.5 8.5 0 1 1 0-17zM12 8v5M12 16v.2",
  bag: "M5.5 8.5h13l1 11.5h-15zM8.5 8.5V7a3.5 3.5 0 0 1 7 0v1.5",
};

/** @typedef {keyof typeof PATHS} Shape */

/** @param {Shape} name @param {string} [kind] a further class */
export function icon(name, kind = "") {
  const svg = document.createElementNS(SVG, "svg");
  for (const [attribute, value] of Object.entries({ viewBox: "0 0 24 24", class: `icon ${kind}`, "aria-hidden": "true" })) svg.setAttribute(attribute, value);
  svg.append(document.createElementNS(SVG, "path"));
  draw(svg, name);
  return svg;
}

/** Changes what an icon, or the icon of a button, shows. @param {Element} holder @param {Shape} name */
export function draw(holder, name) {
  /** @type {Element} */ (holder.querySelector("path")).setAttribute("d", PATHS[name]);
}
