/** What the player reports of itself before anything was played: its abilities, as skills/player.py names them. */

/** @type {import("./types.js").PlayerReport} */
export const SILENT = Object.freeze({
  state: "stopped",
  item: null,
  position_ms: 0,
  ends_at_ms: null,
  volume: 60,
  speed: 1,
  repeat: "off",
  shuffle: false,
  queue: [],
  sleep: null,
  can: ["seek", "speed", "part_speed", "repeat", "shuffle", "queue", "sleep"],
  dialog_request_id: null,
});
