/** Products in an answer: one card, or a carousel of them. */

import { each, element, focusables, calm, mirrored } from "./dom.js";
import { icon } from "./icons.js";
import { beside, opening, safe } from "./links.js";
import { amount } from "./format.js";

/**
 * What the parts of a message need of the chat around them.
 * @typedef {{
 *   say: import("./wording.js").Say, language: string, service: string, announce: (text: string) => void,
 *   tap: (tap: import("./conversation.js").Tap, label: string, secret?: boolean) => void, ask: (text: string) => void,
 * }} Desk
 */

/** Buttons that a reply offers. @param {any[]} buttons @param {Desk} desk @param {(values: Record<string, any>) => Record<string, any>} [add] */
export function buttonsOf(buttons, desk, add = (values) => values) {
  if (!buttons?.length) return null;
  return element("div.buttons", ...buttons.map(({ label, tap, style }) => {
    if (tap.name === "open") return element("a.button", beside(safe(tap.values.url, desk.service)), label);
    const press = () => desk.tap({ name: tap.name, values: tap.name.startsWith("cart.") ? add(tap.values) : tap.values }, label);
    return element("button", { class: `button ${style ?? "plain"}`, "data-key": `${tap.name} ${label}`, onclick: press }, label);
  }));
}

/**
 * A picture, or a quiet stand-in for one that is missing; `alt` where it says something that no text beside it does.
 * @param {string} url @param {Desk} desk @param {number} width @param {number} height @param {string} [alt]
 */
export function picture(url, desk, width, height, alt = "") {
  const box = element("span.picture", icon("bag"));
  const src = safe(url, desk.service);
  if (!src) return box;
  const image = element("img", { alt, loading: "lazy", decoding: "async", width, height, referrerpolicy: "no-referrer" });
  image.addEventListener("error", () => image.remove());
  image.src = src;
  box.append(image);
  return box;
}

/** @param {number} value @param {number} count @param {Desk} desk @returns {HTMLElement} */
export function starsOf(value, count, desk) {
  const { say, language } = desk;
  const shown = new Intl.NumberFormat(language, { minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(value);
  const five = () => Array.from({ length: 5 }, () => icon("star"));
  const filled = element("span", ...five());
  filled.style.setProperty("--share", String(Math.max(0, Math.min(1, value / 5))));
  const all = element("span.star-row", { role: "img", "aria-label": say("stars", { stars: shown }) }, ...five(), filled);
  return element("span.stars", all, count ? element("span", `${shown} · ${say("reviews", { count })}`) : null);
}

/** @param {any} card @param {Desk} desk */
export function priceOf({ price, was, from_price }, { say, language }) {
  const now = amount(price, language);
  return element("span.price",
    element("strong", { class: was ? "sale" : "" }, from_price ? say("from", { price: now }) : now),
    was && element("s.quiet", element("span.unseen", say("was", { price: "" })), amount(was, language)),
  );
}

/** A product, or a card of the shop's own making, which has a text and no price. @param {any} card @param {Desk} desk */
export function productCard(card, desk) {
  const { say } = desk;
  const href = safe(card.url, desk.service);
  const title = href ? element("a", opening(href), card.title) : element("span", card.title);
  const buys = each(card.buttons).some(({ tap }) => tap.name.startsWith("cart."));
  const options = buys ? Object.entries(card.options ?? {}).filter(([, values]) => values.length > 1) : [];
  const choices = options.map(([name, values]) => {
    const label = say("choose", { option: name });
    return element("select", { name, "aria-label": label }, element("option", { value: "" }, name), ...values.map((/** @type {string} */ one) => element("option", one)));
  });
  const chosen = () => choices.filter(({ value }) => value).map(({ name, value }) => `${name}=${value}`);
  return element("article.card", { "data-product": card.product },
    picture(card.image_url, desk, 240, 180, card.alt),
    element("div.about",
      card.brand && element("span.quiet", card.brand),
      element("h4", title),
      card.stars !== null && card.stars !== undefined && starsOf(card.stars, card.reviews, desk),
      card.text && element("p.quiet", card.text),
      card.price && priceOf(card, desk),
      card.availability && element("span", { class: `stock ${card.can_order === false ? "out" : ""}` }, card.availability),
      card.facts?.length && element("ul.facts", ...card.facts.map((/** @type {string} */ one) => element("li", one))),
      choices.length > 0 && element("div.choices", ...choices),
      buttonsOf(card.buttons, desk, (values) => ({ ...values, options: [...each(values.options), ...chosen()] })),
    ),
  );
}

/** @param {any[]} shown @param {string} name of them all: "products" or "cards" @param {number} total @param {Desk} desk */
export function cardsView(shown, name, total, desk) {
  const cards = each(shown).map((card) => productCard(card, desk));
  if (!cards.length) return null;
  if (cards.length === 1) return element("div.single", cards[0]);
  const { say } = desk;
  const items = cards.map((card) => element("li", card));
  const list = element("ul.carousel", { tabindex: -1 }, ...items);
  const many = total > cards.length ? say("shown", { shown: cards.length, total }) : String(cards.length);
  const arrow = (/** @type {string} */ name, /** @type {any} */ shape, /** @type {number} */ step) =>
    element("button.icon-button.small", { "aria-label": say(name), onclick: () => go(current + step, false) }, icon(shape, "flip"));
  const before = arrow("previous", "left", -1);
  const after = arrow("next", "right", 1);

  let current = 0;
  /** One card's controls are stops of the Tab key; arrows go from card to card. @param {number} to @param {boolean} focus */
  const go = (to, focus) => {
    current = Math.max(0, Math.min(items.length - 1, to));
    stops();
    items[current].scrollIntoView({ block: "nearest", inline: "start", behavior: calm() ? "auto" : "smooth" });
    if (focus) focusables(items[current])[0]?.focus({ preventScroll: true });
    desk.announce(say("productOf", { number: current + 1, count: items.length, title: shown[current].title }));
  };
  const stops = () =>
    items.forEach((item, index) => focusables(item).forEach((control) => (control.tabIndex = index === current ? 0 : -1)));
  /** After a swipe, too. */
  const marks = () => {
    const slack = list.scrollWidth - list.clientWidth;
    const gone = Math.abs(list.scrollLeft);
    current = Math.round(gone / (items[1].offsetWidth + 10));
    before.disabled = gone < 4;
    after.disabled = gone > slack - 4;
  };
  list.addEventListener("scroll", marks, { passive: true });
  new ResizeObserver(marks).observe(list);
  list.addEventListener("focusin", (/** @type {FocusEvent} */ event) => {
    const index = items.findIndex((item) => item.contains(/** @type {Node} */ (event.target)));
    if (index < 0 || index === current) return;
    current = index;
    stops();
  });
  list.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    const forward = mirrored(list) ? -1 : 1;
    const to = { ArrowRight: current + forward, ArrowLeft: current - forward, Home: 0, End: items.length - 1 }[event.key];
    if (to === undefined || /** @type {Element} */ (event.target).tagName === "SELECT") return;
    event.preventDefault();
    go(to, true);
  });
  stops();
  return element("div.products", { role: "group", "aria-label": `${say(name)}, ${many}` },
    element("div.bar", element("h3", say(name)), element("span.quiet", many), element("span.grow"), before, after),
    list,
  );
}
