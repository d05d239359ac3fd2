/** Keeps where the listener is with the service, and begins there: only for who has spoken to it from this browser. */

import { recall } from "../speaker/memory.js";

const ADDRESS = "/api/v1/listener/position";
const EVERY_MS = 10_000;

/** @param {import("../player/sori-player.js").SoriPlayer} player */
export async function goOn(player) {
  const { listener } = recall();
  if (!listener) return;
  const headers = { authorization: `Bearer ${listener}`, "content-type": "application/json" };
  let told = 0;
  /** @param {"playing" | "paused" | "ended"} state */
  const tell = (state) => {
    told = performance.now();
    const body = JSON.stringify({ item: player.item, state, position_ms: Math.round(player.currentTime * 1000) });
    // What is not told now is told in a few seconds, or was the last of this visit.
    fetch(ADDRESS, { method: "PUT", headers, body, keepalive: true }).catch(() => {});
  };
  player.addEventListener("sori-time", () => !player.paused && performance.now() - told > EVERY_MS && tell("playing"));
  player.addEventListener("sori-paused", () => tell("paused"));
  player.addEventListener("sori-ended", () => tell("ended"));
  const ready = new Promise((done) => player.addEventListener("sori-ready", done, { once: true }));
  addEventListener("pagehide", () => !player.paused && tell("paused"));
  if (player.getAttribute("start") !== "0") return;
  const last = await fetch(ADDRESS, { headers }).then((answer) => (answer.ok ? answer.json() : null), () => null);
  await ready;
  if (last?.item === player.item && player.paused && player.currentTime === 0) player.seek(last.position_ms / 1000);
}
