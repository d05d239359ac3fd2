/** Follows a replay while it runs. */

import { LIVE, read, replace } from "./live.js";

const EVERY_MS = 1_500;

async function follow() {
  if (!document.getElementById("replay")?.hasAttribute("data-running")) return;
  if (!document.hidden) {
    try {
      const page = await read(location.href, { headers: LIVE });
      const held = document.activeElement?.getAttribute("data-testid");
      replace(page, ["replay"]);
      if (held) /** @type {HTMLElement | null} */ (document.querySelector(`#replay [data-testid="${held}"]`))?.focus();
    } catch {
      // The next look may find the service again.
    }
  }
  setTimeout(follow, EVERY_MS);
}

setTimeout(follow, EVERY_MS);
