/** One message of the conversation as it is shown. */

import { chipsView, comparisonView, facetsView, reviewsView, sourcesView } from "./answer-view.js";
import { each, element } from "./dom.js";
import { when } from "./format.js";
import { formView } from "./form-view.js";
import { icon } from "./icons.js";
import { beside, safe } from "./links.js";
import { cartView, checkoutView, orderView } from "./order-view.js";
import { buttonsOf, cardsView, picture } from "./product-view.js";

/** @typedef {import("./product-view.js").Desk & {rate: (seq: number, value: "good" | "bad" | null) => void, again: (id: string) => void, assistant: () => string}} Desk */
/** @typedef {import("./conversation.js").Message} Message */

/** @param {Message} message @param {Desk} desk @returns {HTMLElement} */
export function messageView(message, desk) {
  const { say } = desk;
  const { seq, from, text, shop } = message;
  const parts = shop ? shopParts(shop, desk) : [];
  if (from === "note") return element("div.message.note", { "data-from": from }, element("p", text), ...parts);
  return element("div.message", { "data-from": from, "data-seq": seq },
    element("p.from", element("span", nameOf(message, desk)), element("time", { datetime: message.at }, when(message.at, desk.language, { timeStyle: "short" }))),
    text && element("p.bubble", text),
    ...parts,
    from === "bot" && rating(message, desk),
    quickReplies(message, desk),
  );
}

/** Who says it. @param {Message} message @param {Desk} desk */
export function nameOf({ from, name }, { say, assistant }) {
  if (from === "shopper") return say("you");
  return name || (from === "bot" ? assistant() : say("aPerson"));
}

/** @param {any} shop @param {Desk} desk @returns {(Node | string | null)[]} */
function shopParts(shop, desk) {
  const narrowing = [chipsView(shop.chips, desk), facetsView(shop.facets, desk)].filter(Boolean);
  return [
    narrowing.length ? element("fieldset.narrowing", { "data-until": "message" }, ...narrowing) : null,
    cardsView(shop.products, "products", shop.total, desk),
    cardsView(shop.cards, "cards", 0, desk),
    ...each(shop.pictures).map(({ url, alt }) => picture(url, desk, 320, 240, alt)),
    comparisonView(shop.comparison, desk),
    reviewsView(shop.reviews, desk),
    cartView(shop.cart, desk),
    checkoutView(shop.checkout, desk),
    orderView(shop.order, desk),
    formView(shop.form, desk),
    shop.pair_code ? element("div.box.code", element("span.quiet", desk.say("code")), element("strong", shop.pair_code)) : null,
    buttonsOf(shop.buttons, desk),
    ...each(shop.links).map(({ label, url }) => safe(url, desk.service) && element("a.link", beside(safe(url, desk.service)), label)),
    sourcesView(shop.sources, desk),
  ];
}

/** They stay where they are once one was taken, and cannot be taken again. @param {Message} message @param {Desk} desk */
function quickReplies({ quick_replies }, desk) {
  const replies = each(quick_replies);
  if (!replies.length) return null;
  return element("fieldset.replies", { "data-until": "message" }, ...replies.map(({ text, utterance }) =>
    element("button.chip", { "data-says": utterance, onclick: () => desk.ask(utterance) }, text)));
}

/** @param {Message} message @param {Desk} desk */
function rating({ seq }, desk) {
  const button = (/** @type {"good" | "bad"} */ value) => {
    const press = () => desk.rate(seq, node.dataset.rating === value ? null : value);
    return element("button.icon-button.tiny", { "aria-label": desk.say(value), "aria-pressed": "false", "data-rate": value, onclick: press }, icon("good", value));
  };
  const node = element("div.rating", { role: "group", "aria-label": desk.say("useful") }, button("good"), button("bad"));
  return node;
}

/** Something that has been written here and is not in the conversation yet. @param {import("./conversation.js").Outgoing} sent @param {Desk} desk */
export function outgoingView({ id, text, problem }, desk) {
  const { say } = desk;
  return element("div.message", { "data-from": "shopper", "data-pending": problem ? "refused" : "waiting" },
    element("p.from", say("you")),
    element("p.bubble", text),
    problem
      ? element("p.problem", icon("alert"), element("span", `${say("refused")} ${problem}`),
          element("button.link", { onclick: () => desk.again(id) }, say("retry")))
      : element("p.sending", say("sending")),
  );
}
