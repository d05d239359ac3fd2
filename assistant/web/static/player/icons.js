/** The player's icons, drawn in place: a sprite may not be used across origins. */

const SVG = "http://www.w3.org/2000/svg";

const PATHS = {
  play: "M8 5.5v13l10.5-6.5z|fill",
  pause: "M8.5 6v12M15.5 6v12|bold",
  back: "M5 5v4.5h4.5M5.6 9.2a7.5 7.5 0 1 1-1 5",
  forward: "M19 5v4.5h-4.5M18.4 9.2a7.5 7.5 0 1 0 1 5",
  previous: "M18 6.5v11L9.5 12zM6 6.5v11|fill",
  next: "M6 6.5v11l8.5-5.5zM18 6.5v11|fill",
  left: "M14.5 6l-6 6 6 6",
  right: "M9.5 6l6 6-6 6",
  volume: "M4.5 9.8v4.4h3.2L12 18V6L7.7 9.8zM15.5 9.2a4 4 0 0 1 0 5.6M18 6.8a7.4 7.4 0 0 1 0 10.4",
  mute: "M4.5 9.8v4.4h3.2L12 18V6L7.7 9.8zM16 9.7l4.6 4.6M20.6 9.7L16 14.3",
  captions: "M6 5.5h12a2.5 2.5 0 0 1 2.5 2.5v8a2.5 2.5 0 0 1-2.5 2.5H6A2.5 2.5 0 0 1 3.5 16V8A2.5 2.5 0 0 1 6 5.5zM10.5 10.6a2.2 2.2 0 1 0 0 2.8M17 10.6a2.2 2.2 0 1 0 0 2.8",
  slides: "M12 6.5C10 5 7 4.8 3.5 5.5v12.6c3.5-.7 6.5-.4 8.5 1 2-1.4 5-1.7 8.5-1V5.5C17 4.8 14 5 12 6.5zM12 6.5v12.6",
  share: "M12 15V4M8 7.5L12 3.5l4 4M6 11.5H5v8.5h14v-8.5h-1",
  expand: "M5 9.5V5h4.5M19 14.5V19h-4.5M14.5 5H19v4.5M9.5 19H5v-4.5",
  search: "M10.8 4.5a6.3 6.3 0 1 1 0 12.6a6.3 6.3 0 1 1 0-12.6zM15.5 15.5l4.5 4.5",
  help: "M12 3.5a8.5 8.5 0 1 1 0 17a8.5 8.5 0 1 1 0-17zM9.6 9.6a2.5 2.5 0 1 1 3.6 2.2c-.8.4-1.2.9-1.2 1.7M12 16.4v.2",
  close: "M6.5 6.5l11 11M17.5 6.5l-11 11",
  alert: "M12 3.5a8.5 8.5 0 1 1 0 17a8.5 8.5 0 1 1 0-17zM12 7.8v5M12 16v.2",
  note: "M5 10v4M8.5 7v10M12 4.5v15M15.5 8v8M19 10.5v3",
};

/** @param {keyof typeof PATHS} name */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  for (const [attribute, value] of Object.entries({ viewBox: "0 0 24 24", class: "icon", "aria-hidden": "true" })) svg.setAttribute(attribute, value);
  svg.append(document.createElementNS(SVG, "path"));
  draw(svg, name);
  return svg;
}

/** Changes what an icon, or the icon of a button, shows. @param {Element} holder @param {keyof typeof PATHS} name */
export function draw(holder, name) {
  const path = /** @type {Element} */ (holder.querySelector("path"));
  const [shape, style] = PATHS[name].split("|");
  path.setAttribute("d", shape);
  path.setAttribute("class", style ?? "");
}
