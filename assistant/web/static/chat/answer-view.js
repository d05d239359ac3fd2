/** What stands beside the words of an answer: conditions, ways to narrow down, comparisons, reviews, sources. */

import { each, element } from "./dom.js";
import { icon } from "./icons.js";
import { picture, priceOf, starsOf } from "./product-view.js";

/** @typedef {import("./product-view.js").Desk} Desk */

/** Conditions that hold; a tap takes one back. @param {any[]} chips @param {Desk} desk */
export function chipsView(chips, desk) {
  if (!chips?.length) return null;
  const { say } = desk;
  return element("ul.chips", { "aria-label": say("filters") }, ...chips.map(({ label, tap }) =>
    element("li", element("button.chip.removable", { "aria-label": say("remove", { label }), onclick: () => desk.tap(tap, say("remove", { label })) },
      element("span", label), icon("close"))),
  ));
}

/** @param {any[]} facets @param {Desk} desk */
export function facetsView(facets, desk) {
  const some = each(facets).filter(({ values }) => values.length);
  if (!some.length) return null;
  return element("details.facets", element("summary", desk.say("narrow")), ...some.map(({ label, values }) =>
    element("div", { role: "group", "aria-label": label }, element("span.quiet", label), element("div.chips",
      ...values.map((/** @type {any} */ one) => element("button.chip", { onclick: () => desk.tap(one.tap, `${label}: ${one.label}`) },
        element("span", one.label), element("span.quiet", one.count)))),
    ),
  ));
}

/** Two or three products side by side, what differs set off. @param {any} comparison @param {Desk} desk */
export function comparisonView(comparison, desk) {
  if (!comparison) return null;
  const { say } = desk;
  const { products, rows } = comparison;
  const head = products.map((/** @type {any} */ card) =>
    element("th", { scope: "col" }, picture(card.image_url, desk, 96, 72), element("span.name", card.title), priceOf(card, desk)));
  const body = rows.map((/** @type {any} */ row) =>
    element("tr", { class: row.differs ? "differs" : "" },
      element("th", { scope: "row" }, row.name, row.differs && element("span.unseen", ` (${say("differs")})`)),
      ...row.values.map((/** @type {string} */ value, /** @type {number} */ index) =>
        element("td", { class: row.best === index ? "best" : "" }, value || "–",
          row.best === index && element("span.mark", icon("check"), element("span.unseen", say("best"))))),
    ));
  return element("div.scroller", { role: "region", tabindex: 0, "aria-label": say("comparison") },
    element("table", element("thead", element("tr", element("td"), ...head)), element("tbody", ...body)));
}

/** What customers say, in short. @param {any} reviews @param {Desk} desk */
export function reviewsView(reviews, desk) {
  if (!reviews) return null;
  const { say } = desk;
  const list = (/** @type {string} */ name, /** @type {string[]} */ lines, /** @type {any} */ shape) =>
    lines?.length ? element("div", { class: name }, element("h4", say(name)), element("ul", ...lines.map((line) => element("li", icon(shape), line)))) : null;
  const quotes = each(reviews.quotes);
  return element("section.box.reviews",
    reviews.stars !== null && starsOf(reviews.stars, reviews.count, desk),
    element("div.sides", list("pros", reviews.pros, "plus"), list("cons", reviews.cons, "minus")),
    quotes.length > 0 && element("div", element("h4", say("quotes")), ...quotes.map((quote) => element("blockquote", quote))),
  );
}

/** Where facts come from, with the words themselves to unfold. @param {any[]} sources @param {Desk} desk */
export function sourcesView(sources, desk) {
  if (!sources?.length) return null;
  const shapes = { product: "bag", shop: "chat", reviews: "star" };
  return element("ul.sources", { "aria-label": desk.say("sources") }, ...sources.map(({ kind, label, quote }) => {
    const name = [icon(/** @type {any} */ (shapes)[kind] ?? "bag"), label];
    return element("li", quote
      ? element("details", element("summary", ...name), element("blockquote", quote))
      : element("span", ...name));
  }));
}
