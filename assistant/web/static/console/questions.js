/** The inbox of questions: while new ones are still being read, the list is read again. */

import { LIVE, read, replace } from "./live.js";

const AGAIN_MS = 1_000;

async function look() {
  if (!document.querySelector("#groups[data-incomplete]")) return;
  replace(await read(location.href, { headers: LIVE }), ["groups"]);
  setTimeout(look, AGAIN_MS);
}

setTimeout(look, AGAIN_MS / 4);
