/**
 * An item as the service describes it, its addresses checked and its times in milliseconds.
 *
 * @typedef {{start: number, end: number, title: string, text: string, image: string}} Scene
 *   A slide, or a chapter; what it does not have is empty
 * @typedef {{url: string, expires: number | null}} Recording `expires` in milliseconds since 1970
 * @typedef {{
 *   id: string, title: string, creator: string, series: string, published: string, medium: "audio" | "video",
 *   duration: number, image: string, recording: Recording | null, captions: {url: string, language: string} | null,
 *   peaks: number[], chapters: Scene[], slides: Scene[], page: string, embed: string,
 * }} Item
 * @typedef {{start: number, end: number, speaker: string, text: string}} Line a sentence and when it is spoken
 */

/** @param {any} json the service's answer @param {string} service its address @returns {Item} */
export function readItem(json, service) {
  const address = (/** @type {unknown} */ url) => checked(url, service);
  // Of a preview, the recording is shorter than the item.
  const duration = json.recording?.duration_ms ?? json.duration_ms ?? 0;
  /** @param {any} part @param {number} index @param {any[]} all @returns {Scene} */
  const scene = (part, index, all) => ({
    start: part.start_ms,
    end: part.end_ms ?? all[index + 1]?.start_ms ?? duration,
    title: part.title ?? "",
    text: part.text ?? "",
    image: address(part.image_url),
  });
  const captions = json.captions?.[0];
  const url = address(json.recording?.url);
  return {
    id: json.id,
    title: json.title ?? "",
    creator: json.creator ?? "",
    series: json.series ?? "",
    published: json.published ?? "",
    medium: json.medium === "video" ? "video" : "audio",
    duration,
    image: address(json.image_url),
    recording: url ? { url, expires: moment(json.recording.expires_at) } : null,
    captions: captions ? { url: address(captions.url), language: captions.language ?? "" } : null,
    peaks: json.peaks ?? [],
    chapters: (json.chapters ?? []).map(scene),
    slides: (json.slides ?? []).map(scene),
    page: address(json.page_url),
    embed: address(json.embed_url),
  };
}

/** What `nextScene` and `previousScene` go through: slides, or else chapters. @param {Item} item */
export const scenes = (item) => (item.slides.length ? item.slides : item.chapters);

/**
 * Which of these, in order of time, has begun last; -1 before the first.
 * @param {readonly {start: number}[]} parts @param {number} time
 */
export function indexAt(parts, time) {
  let low = 0;
  let high = parts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (parts[middle].start <= time) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Longer than this nobody wants to wait for what was asked for. */
const EARLY_MOST_MS = 15_000;
/** Where it is not known how sentences lie. */
const EARLY_MS = 4_000;

/** Where to begin so that a moment comes with the sentence before it. @param {readonly Line[]} lines @param {number} time */
export function early(lines, time) {
  const before = lines[indexAt(lines, time) - 1];
  return before && time - before.start <= EARLY_MOST_MS ? before.start : Math.max(0, time - EARLY_MS);
}

/** An address with the time at which to begin. @param {string} address @param {number} time */
export function from(address, time) {
  const url = new URL(address);
  if (time >= 1000) url.searchParams.set("t", String(Math.floor(time / 1000)));
  return url.href;
}

/** Only what a browser fetches: no `javascript:`. @param {unknown} url @param {string} service */
function checked(url, service) {
  if (typeof url !== "string" || !url) return "";
  const { protocol, href } = new URL(url, service);
  return protocol === "https:" || protocol === "http:" ? href : "";
}

/** @param {unknown} at ISO 8601, or seconds since 1970 */
function moment(at) {
  const time = typeof at === "number" ? at * 1000 : Date.parse(String(at));
  return Number.isFinite(time) ? time : null;
}
