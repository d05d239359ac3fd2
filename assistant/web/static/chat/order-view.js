/** Cart, checkout and order: lines, what they cost, and what can be done with them. */

import { each, element, setText } from "./dom.js";
import { icon } from "./icons.js";
import { beside, safe } from "./links.js";
import { amount, when } from "./format.js";
import { buttonsOf, picture } from "./product-view.js";

/** @typedef {import("./product-view.js").Desk} Desk */

/** Of one line; as the service has it. */
const QUANTITY_MAX = 99;
/** So long no further step, and the quantity is sent: three quick taps are one change. */
const SETTLED_MS = 450;

/** @param {any} cart @param {Desk} desk */
export function cartView(cart, desk) {
  if (!cart) return null;
  const { say } = desk;
  const lines = each(cart.lines);
  return element("fieldset.box.cart", { "data-until": "cart" },
    head("cart", say("cart"), ""),
    lines.length ? element("ul.lines", ...lines.map((line) => lineOf(line, desk, true))) : element("p.quiet", say("empty")),
    lines.length > 0 && totalsOf(cart.totals, cart.coupon, desk),
    element("p.quiet.stale", say("changed")),
    buttonsOf(cart.buttons, desk),
  );
}

/** @param {any} checkout @param {Desk} desk */
export function checkoutView(checkout, desk) {
  if (!checkout) return null;
  const { say } = desk;
  const { status, order, messages, continue_url } = checkout;
  const href = safe(continue_url, desk.service);
  const details = [["delivery", checkout.delivery], ["to", checkout.address], ["receipt", checkout.email]].filter(([, value]) => value);
  const over = status === "completed" || status === "canceled";
  return element("fieldset.box.checkout", { "data-until": over ? null : "cart", "data-status": status },
    head("bag", order ? say("order", { number: order }) : say("checkout"), say(status)),
    element("ul.lines", ...each(checkout.lines).map((line) => lineOf(line, desk, false))),
    details.length > 0 && element("dl", ...details.flatMap(([name, value]) => [element("dt", say(name)), element("dd", value)])),
    totalsOf(checkout.totals, "", desk),
    messages?.length > 0 && element("ul.warnings", ...messages.map((/** @type {string} */ one) => element("li", icon("alert"), one))),
    href && !over && element("a.button.primary", beside(href), say("goOn")),
    buttonsOf(checkout.buttons, desk),
  );
}

/** @param {any} order @param {Desk} desk */
export function orderView(order, desk) {
  if (!order) return null;
  const { say, language } = desk;
  const date = when(order.placed, language, { dateStyle: "long", timeZone: "UTC" }); // a day, wherever it is read;
  return element("section.box.order",
    head("bag", say("order", { number: order.number }), order.status),
    element("p.quiet", say("placed", { date })),
    order.events?.length > 0 && element("ol.events", ...order.events.map((/** @type {string} */ one) => element("li", one))),
    element("ul.lines", ...each(order.lines).map((line) => lineOf(line, desk, false))),
    totalsOf(order.totals, "", desk),
    buttonsOf(order.buttons, desk),
  );
}

/** @param {any} shape @param {string} title @param {string} status */
const head = (shape, title, status) => element("div.bar", icon(shape), element("h3", title), status && element("span.status", status));

/** @param {any} line @param {Desk} desk @param {boolean} open it can be changed */
function lineOf(line, desk, open) {
  const { say, language } = desk;
  const options = Object.values(line.options ?? {}).join(" · ");
  return element("li.line",
    picture(line.image_url, desk, 56, 56),
    element("div.what",
      element("span.name", line.title),
      options && element("span.quiet", options),
      line.note && element("span.note", line.note),
      open ? stepper(line, desk) : element("span.quiet", say("times", { count: line.quantity }), " ", amount(line.price, language)),
    ),
    element("strong.sum", amount(line.total, language)),
  );
}

/** @param {any} line @param {Desk} desk */
function stepper({ sku, title, quantity }, desk) {
  const { say } = desk;
  let wanted = quantity;
  let settling = 0;
  const shown = element("output", { "aria-label": say("quantity") }, String(quantity));
  const step = (/** @type {number} */ by) => {
    wanted = Math.max(1, Math.min(QUANTITY_MAX, wanted + by));
    setText(shown, String(wanted));
    fewer.disabled = wanted <= 1;
    more.disabled = wanted >= QUANTITY_MAX;
    clearTimeout(settling);
    settling = setTimeout(() => {
      const label = say(wanted > quantity ? "more" : "fewer", { title });
      if (wanted !== quantity) desk.tap({ name: "cart.quantity", values: { sku, quantity: wanted } }, Math.abs(wanted - quantity) === 1 ? label : `${title}: ${wanted}`);
    }, SETTLED_MS);
  };
  const button = (/** @type {string} */ name, /** @type {any} */ shape, /** @type {() => void} */ press, off = false) =>
    element("button.icon-button.small", { "aria-label": say(name, { title }), "data-key": `${name} ${sku}`, disabled: off, onclick: press }, icon(shape));
  const fewer = button("fewer", "minus", () => step(-1), quantity <= 1);
  const more = button("more", "plus", () => step(1), quantity >= QUANTITY_MAX);
  const out = button("takeOut", "bin", () => desk.tap({ name: "cart.remove", values: { sku } }, say("takeOut", { title })));
  return element("div.stepper", { role: "group", "aria-label": title }, fewer, shown, more, out);
}

/** @param {any} totals @param {string} coupon @param {Desk} desk */
function totalsOf({ subtotal, discount, delivery, tax, total }, coupon, { say, language }) {
  /** @type {[string, any, string?][]} */
  const rows = [[say("subtotal"), subtotal]];
  if (discount) rows.push([coupon ? say("coupon", { code: coupon }) : say("discount"), discount]);
  if (delivery) rows.push([say("delivery"), delivery, delivery.minor ? "" : say("free")]);
  if (tax) rows.push([say("tax"), tax]);
  const shown = rows.length > 1 || subtotal.minor !== total.minor ? rows : [];
  return element("dl.totals",
    ...shown.flatMap(([name, money, word]) => [element("dt", name), element("dd", word || amount(money, language))]),
    element("dt.total", say("total")), element("dd.total", amount(total, language)),
  );
}
