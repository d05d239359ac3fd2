/**
 * What the player plays after what, pure: the queue, repeating and shuffling, and where a seek leads. The same as
 * skills/playlist.py, to which a test holds it.
 *
 * @typedef {import("./types.js").Play} Play
 * @typedef {"off" | "one" | "all"} Repeat
 * @typedef {{play: Play, place: number}} Entry `place` orders it among the others as it was asked for
 * @typedef {{current: Entry | null, queue: Entry[], played: Entry[], repeat: Repeat, shuffle: boolean}} Playlist
 *   `queue` in the order in which it will be played; `played` is what came before of the same list
 * @typedef {(below: number) => number} Pick one of the numbers from 0 to below, by chance
 */

export const QUEUE_MAX = 50;
const PLAYED_MAX = 50;

/** @type {Playlist} */
export const EMPTY = Object.freeze({ current: null, queue: [], played: [], repeat: "off", shuffle: false });

/** Play this now, as the first of a new list. @param {Playlist} list @param {Play} play @returns {Playlist} */
export function start(list, play) {
  return { ...list, current: { play, place: least(list.queue, 0) - 1 }, played: [] };
}

/** @param {Playlist} list @param {Play[]} plays @param {"next" | "last" | "only"} place @param {Pick} pick @returns {Playlist} */
export function enqueue(list, plays, place, pick) {
  if (place === "next") {
    const first = least(list.queue, after(list, list.queue));
    const later = list.queue.map((entry) => ({ ...entry, place: entry.place + plays.length }));
    return { ...list, queue: [...entries(plays, first), ...later].slice(0, QUEUE_MAX) };
  }
  let queue = place === "only" ? [] : list.queue;
  for (const entry of entries(plays, after(list, list.queue))) {
    const at = list.shuffle ? pick(queue.length + 1) : queue.length;
    queue = [...queue.slice(0, at), entry, ...queue.slice(at)];
  }
  return { ...list, queue: queue.slice(0, QUEUE_MAX) };
}

/** Mix the queue, or bring it back into order. @param {Playlist} list @param {boolean} shuffle @param {Pick} pick @returns {Playlist} */
export function shuffled(list, shuffle, pick) {
  return { ...list, shuffle, queue: shuffle ? mixed(list.queue, pick) : inOrder(list.queue) };
}

/** The present item has ended; without a `current` nothing follows. @param {Playlist} list @param {Pick} pick @returns {Playlist} */
export const ended = (list, pick) => (list.repeat === "one" ? list : next(list, pick));

/** Go on with the first of the queue, or, repeating all, with the first of all. @param {Playlist} list @param {Pick} pick @returns {Playlist} */
export function next(list, pick) {
  let over = list.current ? [...list.played, list.current] : list.played;
  let queue = list.queue;
  if (!queue.length && list.repeat === "all") {
    queue = list.shuffle ? mixed(over, pick) : inOrder(over);
    over = [];
  }
  if (!queue.length) return { ...list, current: null, played: [] };
  return { ...list, current: queue[0], queue: queue.slice(1), played: over.slice(-PLAYED_MAX) };
}

/** The present item under another address. @param {Playlist} list @param {string} url @returns {Playlist} */
export const linked = (list, url) =>
  list.current ? { ...list, current: { ...list.current, play: { ...list.current.play, url } } } : list;

/**
 * Where a seek leads within an item of `length` milliseconds, null where that is not known. Who leaves the part of an item
 * that was asked for wants to hear the rest too: its bounds fall away.
 * @param {Play} play @param {number} position @param {number | null} length
 * @returns {{play: Play, position: number}}
 */
export function sought(play, position, length) {
  const place = Math.max(0, length === null ? position : Math.min(position, length));
  const end = endOf(play);
  if (end === null || (place >= (play.begin_ms ?? 0) && place < end)) return { play, position: place };
  return { play: { ...play, begin_ms: 0, duration_ms: null }, position: place };
}

/** Where the part that was asked for ends; null is the item's own end. @param {Play} play */
export const endOf = (play) => (play.duration_ms ? (play.begin_ms ?? 0) + play.duration_ms : null);

/** @param {Entry[]} queue @param {number} otherwise */
const least = (queue, otherwise) => (queue.length ? Math.min(...queue.map((entry) => entry.place)) : otherwise);

/** The place after all that are known. @param {Playlist} list @param {Entry[]} queue */
function after(list, queue) {
  const known = [...queue, ...list.played, ...(list.current ? [list.current] : [])];
  return Math.max(-1, ...known.map((entry) => entry.place)) + 1;
}

/** @param {Play[]} plays @param {number} first @returns {Entry[]} */
const entries = (plays, first) => plays.map((play, number) => ({ play, place: first + number }));

/** @param {Entry[]} list */
const inOrder = (list) => [...list].sort((one, other) => one.place - other.place);

/** Every order equally likely (Fisher and Yates, as Durstenfeld does it). @param {Entry[]} list @param {Pick} pick */
function mixed(list, pick) {
  const order = [...list];
  for (let last = order.length - 1; last > 0; last--) {
    const other = pick(last + 1);
    [order[last], order[other]] = [order[other], order[last]];
  }
  return order;
}
