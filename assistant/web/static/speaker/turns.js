/**
 * The turns of a conversation as the page shows them, oldest first; every function returns a new list.
 *
 * @typedef {import("./types.js").Turn} Turn
 */

/**
 * A typed turn learns its request when the service first names it.
 * @param {Turn[]} turns @param {string} request @returns {Turn[]}
 */
export function bindAsked(turns, request) {
  const index = turns.findLastIndex((turn) => turn.request === null && !turn.lost);
  return index < 0 ? turns : turns.with(index, { ...turns[index], request });
}

/** @param {Turn[]} turns @param {string} request @param {string} said @returns {Turn[]} */
export function withTranscript(turns, request, said) {
  const index = turns.findIndex((turn) => turn.request === request);
  if (index >= 0) return said ? turns.with(index, { ...turns[index], said }) : turns;
  return said ? [...turns, { request, said, reply: null, lost: false }] : turns;
}

/** @param {Turn[]} turns @param {import("./types.js").Reply} reply @returns {Turn[]} */
export function withReply(turns, reply) {
  const request = reply.dialog_request_id;
  const index = turns.findIndex((turn) => turn.request === request);
  if (index >= 0) return turns.with(index, { ...turns[index], reply, lost: false });
  return [...turns, { request, said: "", reply, lost: false }];
}

/** Turns that will get no answer now. @param {Turn[]} turns @returns {Turn[]} */
export function markLost(turns) {
  return turns.map((turn) => (turn.reply || turn.lost ? turn : { ...turn, lost: true }));
}

/**
 * Joins what the page shows with what the service remembers, so that nothing is doubled and a lost answer is found.
 * @param {Turn[]} turns @param {{said: string, reply: import("./types.js").Reply}[]} history @returns {Turn[]}
 */
export function joinHistory(turns, history) {
  let joined = turns;
  for (const { said, reply } of history) {
    const request = reply.dialog_request_id;
    const known = joined.findIndex((turn) => turn.request === request);
    const asked = known < 0 ? joined.findIndex((turn) => turn.request === null && turn.said === said) : known;
    const turn = { request, said, reply, lost: false };
    if (asked < 0) joined = [...joined, turn];
    else if (!joined[asked].reply) joined = joined.with(asked, turn);
  }
  return joined;
}

/**
 * What was heard and passed over in silence, since it was not meant for the speaker, is not shown.
 * @param {Turn[]} turns @returns {Turn[]}
 */
export function withoutUnanswered(turns) {
  const answered = turns.filter((turn) => turn.request === null || turn.reply || turn.lost);
  return answered.length === turns.length ? turns : answered;
}
