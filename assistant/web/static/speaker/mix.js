/**
 * What sounds in front and what in the background: the page's reading of the table of audio channels, which is the one of
 * assistant/channels/audio_channels.py. Nothing is remembered but the order of beginning, so no ducking outlasts its cause.
 *
 * @typedef {import("./types.js").Channel} Channel
 */

import { FATE } from "./audio-channels.js";

/** What is left of a sound's volume in the background. */
export const BACKGROUND = 0.18;

/**
 * The channels that sound, in the order of beginning.
 * @param {Channel[]} before @param {Record<Channel, boolean>} sounds @returns {Channel[]}
 */
export function ordered(before, sounds) {
  const begun = /** @type {Channel[]} */ (Object.keys(sounds)).filter((channel) => sounds[channel] && !before.includes(channel));
  if (!begun.length && before.every((channel) => sounds[channel])) return before;
  return [...before.filter((channel) => sounds[channel]), ...begun];
}

/**
 * Whether a channel is to be in the background: while somebody is listened to, or under one that began later.
 * @param {Channel[]} sounding in the order of beginning @param {boolean} listening @param {Channel} channel
 */
export function isBehind(sounding, listening, channel) {
  const later = sounding.slice(sounding.indexOf(channel) + 1);
  return listening || (sounding.includes(channel) && later.some((other) => FATE[channel][other] === "duck"));
}
