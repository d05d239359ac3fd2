/** A channel's page: the button that follows it, for the listener whom this browser knows, or for a new one. */

import { byId, setText } from "../design/dom.js";
import { bindThemeButton } from "../design/theme-button.js";
import { forget, recall, rememberListener } from "../speaker/memory.js";

const FOLLOWS = "/api/v1/listener/follows";
const UNREACHABLE = "That did not arrive. Please try again.";

const button = byId("follow");
const said = byId("follow-said");
const { channel } = button.dataset;
let followed = false;

/** The listener's token as a header. @returns {Record<string, string>} */
function authorization() {
  const { listener } = recall();
  return listener ? { authorization: `Bearer ${listener}` } : {};
}

/** @param {string} text @param {boolean} [failed] */
function tell(text, failed = false) {
  said.dataset.failed = String(failed);
  setText(said, text);
}

function render() {
  setText(button, followed ? "Unfollow" : "Follow");
  button.classList.toggle("primary", !followed);
  button.hidden = false;
}

async function look() {
  if (!recall().listener) return;
  const answer = await fetch(FOLLOWS, { headers: authorization() });
  if (!answer.ok) return;
  /** @type {{follows: {channel: string}[]}} */
  const { follows } = await answer.json();
  followed = follows.some((one) => one.channel === channel);
}

/** What the service says of a wish; a key that is not one of its own (any more) is let go, and a new one is given. */
async function ask() {
  const address = `${FOLLOWS}/${channel}`;
  const answer = await fetch(address, { method: followed ? "DELETE" : "PUT", headers: authorization() });
  if (answer.status !== 403) return answer;
  forget();
  return fetch(address, { method: "PUT" });
}

async function change() {
  const answer = await ask();
  if (!answer.ok) {
    const { error } = await answer.json();
    return tell(error.message, true);
  }
  followed = answer.status !== 204;
  if (followed) rememberListener((await answer.json()).listener);
  render();
  tell(followed ? "You now follow this channel. Ask “what’s new” at any time." : "You no longer follow this channel.");
}

button.onclick = async () => {
  button.disabled = true;
  await change().catch(() => tell(UNREACHABLE, true));
  button.disabled = false;
  button.focus();
};

bindThemeButton(byId("theme"), () => {});
look()
  .catch(() => {}) // Whether it is followed shows when the button is pressed.
  .finally(render);
