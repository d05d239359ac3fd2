/** A shop's page: filters beside the shelf where there is room, and the cart, which is the chat's. */

import { setText } from "../design/dom.js";
import { bindThemeButton } from "../design/theme-button.js";

const WIDE = "(min-width: 60rem)";
/** Pages load this module before the chat's, so its first word is not missed. */
const ready = new Promise((resolve) => document.addEventListener("sori-ready", resolve, { once: true }));

/** @typedef {HTMLElement & {open(): void, tap(name: string, values: object, label: string): void}} Chat */

/** @template {HTMLElement} T @param {string} id @returns {T | null} */
const find = (id) => /** @type {T | null} */ (document.getElementById(id));

/** Does something in the shop's chat, and shows it. @param {string} name @param {object} values @param {string} label */
async function tap(name, values, label) {
  await ready;
  const chat = /** @type {Chat} */ (document.querySelector("sori-chat"));
  chat.open();
  chat.tap(name, values, label);
}

function bindFilters() {
  const filters = /** @type {HTMLDetailsElement | null} */ (find("filters"));
  if (!filters) return;
  const wide = matchMedia(WIDE);
  filters.open = wide.matches;
  wide.onchange = () => (filters.open = wide.matches);
}

function bindCart() {
  const cart = /** @type {HTMLButtonElement | null} */ (find("cart"));
  const count = find("cart-count");
  if (!cart || !count) return;
  cart.hidden = false;
  cart.onclick = () => tap("cart.show", {}, "Show my cart");
  document.addEventListener("sori-cart", (event) => {
    const things = /** @type {CustomEvent<{count: number}>} */ (event).detail.count;
    setText(count, things ? ` (${things})` : "");
  });
}

function bindBuying() {
  const buying = find("buying");
  const add = /** @type {HTMLButtonElement | null} */ (find("add"));
  const quantity = /** @type {HTMLInputElement | null} */ (find("quantity"));
  if (!buying || !add || !quantity) return;
  buying.hidden = false;
  const { product, sku, title } = buying.dataset;
  add.onclick = () => {
    if (!quantity.reportValidity()) return;
    const chosen = sku ? { product, sku } : { product };
    tap("cart.add", { ...chosen, quantity: quantity.valueAsNumber || 1 }, `Add to cart: ${title}`);
  };
}

const theme = find("theme");
if (theme) bindThemeButton(theme, () => {});
bindFilters();
bindCart();
bindBuying();
