/** The list of conversations follows what happens, and whether one is told of those who wait is chosen here. */

import { LIVE, Once, read, replace } from "./live.js";
import { alerted, setAlerts } from "./waiting.js";

const list = new Once(async () => replace(await read(location.href, { headers: LIVE }), ["list"]));
document.addEventListener("sori-conversations", () => list.run());

const alerts = /** @type {HTMLButtonElement} */ (document.getElementById("alerts"));
const show = () => alerts.setAttribute("aria-pressed", String(alerted()));
alerts.hidden = false;
alerts.addEventListener("click", async () => {
  await setAlerts(!alerted());
  show();
});
show();
