/** Times, dates and names as a listener reads them. */

const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

/** A position, as on a clock: 0:07, 12:30, 1:02:03. @param {number} ms */
export function clock(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const parts = [Math.floor(seconds / 60) % 60, seconds % 60].map((part) => String(part).padStart(2, "0"));
  const hours = Math.floor(seconds / 3600);
  return hours ? `${hours}:${parts.join(":")}` : parts.join(":").replace(/^0/, "");
}

/** A length, roughly: 40 s, 12 min, 1 h 5 min. @param {number} ms */
export function length(ms) {
  const minutes = Math.round(ms / 60_000);
  if (ms < 90_000) return `${Math.round(ms / 1000)} s`;
  if (minutes < 60) return `${minutes} min`;
  return minutes % 60 ? `${Math.floor(minutes / 60)} h ${minutes % 60} min` : `${minutes / 60} h`;
}

/** 2024-03-07 as 7 Mar 2024; what is no date stays as it is. @param {string} iso */
export function date(iso) {
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)/.exec(iso) ?? [];
  return year && MONTHS[Number(month) - 1] ? `${Number(day)} ${MONTHS[Number(month) - 1]} ${year}` : iso;
}

/** The parts of the line under a card's title, the creator first. @param {import("./types.js").Card} card */
export function meta(card) {
  const kind = (card.kind ?? "").replaceAll("_", " ");
  const from = card.begin_ms == null ? "" : `from ${clock(card.begin_ms)}`;
  const parts = [card.subtitle, from, kind, card.duration_ms ? length(card.duration_ms) : "", card.published ? date(card.published) : ""];
  return parts.filter(Boolean).flatMap((part) => part.split(" · ")).map((part) => part.replaceAll(" ", "\u00a0"));
}
