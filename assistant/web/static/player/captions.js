/** WebVTT as lines of a transcript (https://www.w3.org/TR/webvtt1/): what is spoken when, and by whom. */

const TIMING = /^((?:\d+:)?\d{2}:\d{2}\.\d{3})[ \t]+-->[ \t]+((?:\d+:)?\d{2}:\d{2}\.\d{3})/;
const NAMED = { amp: "&", lt: "<", gt: ">", nbsp: "\u00a0", lrm: "\u200e", rlm: "\u200f" };

/** @param {string} text @returns {import("./item.js").Line[]} */
export function readCaptions(text) {
  const lines = [];
  for (const block of text.replace(/\r\n?/g, "\n").split(/\n{2,}/)) {
    const rows = block.split("\n");
    const at = rows.findIndex((row) => TIMING.test(row));
    const [, start, end] = TIMING.exec(rows[at] ?? "") ?? [];
    const cue = rows.slice(at + 1).join(" ").trim();
    if (!start || !cue) continue;
    const speaker = /^<v(?:\.[^ >]*)?[ \t]+([^>]*)>/.exec(cue)?.[1] ?? "";
    const said = plain(cue.replace(/<[^>]*>/g, ""));
    lines.push({ start: milliseconds(start), end: milliseconds(end), speaker: plain(speaker), text: said });
  }
  return lines.sort((one, other) => one.start - other.start);
}

/** @param {string} time */
const milliseconds = (time) => Math.round(1000 * time.split(":").reduce((sum, part) => sum * 60 + Number(part), 0));

/** @param {string} text */
const plain = (text) =>
  text.replace(/&(\w+);/g, (whole, name) => NAMED[/** @type {keyof typeof NAMED} */ (name)] ?? whole).trim();

/**
 * Gives a track of a media element these lines, and no others.
 * @param {TextTrack} track @param {readonly import("./item.js").Line[]} lines
 */
export function fillTrack(track, lines) {
  track.mode = "hidden"; // cues of a disabled track are not listed
  for (const cue of [...(track.cues ?? [])]) track.removeCue(cue);
  for (const { start, end, text } of lines) track.addCue(new VTTCue(start / 1000, end / 1000, text));
}
