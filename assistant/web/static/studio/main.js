/** The studio: signs in with a key, and shows the list or one recording, as the address says. */

import { byId, setText } from "../design/dom.js";
import { bindThemeButton } from "../design/theme-button.js";
import { Api } from "./api.js";
import { ItemView } from "./item-view.js";
import { LibraryView } from "./library-view.js";

const KEY = "studio-key";
/** @type {Api | null} */
let api = null;
const library = new LibraryView();
const item = new ItemView(() => (location.hash = ""));

/** @param {"sign-in" | "library" | "item"} view */
function show(view) {
  document.body.dataset.view = view;
  for (const name of ["sign-in", "library", "item"]) byId(name).hidden = name !== view;
  byId("sign-out").hidden = view === "sign-in";
}

async function route() {
  if (!api) return show("sign-in");
  const id = decodeURIComponent(location.hash.slice(1));
  library.close();
  item.close();
  setText(byId("item-problem"), "");
  if (!/^[\w.:-]{1,120}$/.test(id)) {
    show("library");
    return library.open(api);
  }
  setText(byId("item-title"), "One moment\u2026");
  show("item");
  try {
    await item.open(api, id);
  } catch (error) {
    setText(byId("item-title"), "It cannot be shown");
    setText(byId("item-problem"), /** @type {Error} */ (error).message);
  }
  byId("item-title").focus();
}

/** @param {string} [why] */
function signOut(why = "") {
  sessionStorage.removeItem(KEY);
  api = null;
  item.close();
  library.close();
  setText(byId("sign-in-problem"), why);
  show("sign-in");
}

/** @param {string} key */
async function signIn(key) {
  api = new Api(key, () => signOut("This key is not valid, or has been revoked."));
  sessionStorage.setItem(KEY, key);
  await route();
}

byId("sign-in-form").addEventListener("submit", (/** @type {Event} */ event) => {
  event.preventDefault();
  setText(byId("sign-in-problem"), "");
  const key = byId("key").value.trim();
  byId("key").value = "";
  signIn(key);
});
byId("sign-out").addEventListener("click", () => signOut());
addEventListener("hashchange", route);
addEventListener("beforeunload", (event) => {
  if (library.isSending || item.transcript.isChanged) event.preventDefault();
});
bindThemeButton(byId("theme"), () => null);

const known = sessionStorage.getItem(KEY);
if (known) signIn(known);
else show("sign-in");
