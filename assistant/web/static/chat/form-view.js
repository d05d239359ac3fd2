/** A form within the conversation. What is wrong is said at its field, and the first such field gets the focus. */

import { each, element, setAttribute, setText } from "./dom.js";

/** @typedef {import("./product-view.js").Desk} Desk */

/** @type {Record<string, Record<string, string | number>>} how each kind of field is typed in */
const KINDS = {
  email: { type: "email" },
  tel: { type: "tel" },
  code: { autocomplete: "one-time-code", spellcheck: "false" },
  pin: { type: "password", autocomplete: "off", inputmode: "numeric" },
};
let fieldsMade = 0;

/** @param {any} form @param {Desk} desk */
export function formView(form, desk) {
  if (!form) return null;
  const { say } = desk;
  const fields = form.fields.map((/** @type {any} */ field) => fieldOf(field, desk));
  const send = (/** @type {Event} */ event) => {
    event.preventDefault();
    const wrong = fields.filter((/** @type {Field} */ { check }) => !check());
    if (wrong.length) return wrong[0].control.focus();
    const values = Object.fromEntries(fields.map((/** @type {Field} */ { control }) => [control.name, control.value.trim()]));
    desk.tap({ name: form.tap.name, values: { ...form.tap.values, ...values } }, form.submit ?? say("goOn"), true);
  };
  return element("form.box.form", { novalidate: true, onsubmit: send },
    element("fieldset", { "data-until": "form" },
      element("legend", form.title),
      ...fields.map((/** @type {Field} */ { node }) => node),
      element("button", { type: "submit", class: "button primary" }, form.submit ?? say("goOn")),
    ),
  );
}

/** By name, as the language has them. @param {[string, string][]} codes @param {string} language */
function countries(codes, language) {
  const names = new Intl.DisplayNames(language, { type: "region" });
  return each(codes).map(([code]) => [code, names.of(code) ?? ""]).sort((one, other) => one[1].localeCompare(other[1]));
}

/** @typedef {{node: HTMLElement, control: HTMLInputElement, check: () => boolean}} Field */

/** @param {any} field @param {Desk} desk @returns {Field} */
function fieldOf(field, { say, language }) {
  const id = `field-${++fieldsMade}`;
  const choices = field.type === "country" ? countries(field.choices, language) : each(field.choices);
  const named = { id, name: field.name, required: field.required !== false, "aria-describedby": `${id}-error` };
  const control = choices.length
    ? element("select", named, element("option", { value: "" }), ...choices.map((/** @type {[string, string]} */ [value, label]) => element("option", { value }, label)))
    : element("input", { maxlength: 254, ...KINDS[field.type], ...named });
  if (field.autocomplete) control.autocomplete = field.autocomplete;
  control.value = field.value ?? "";
  const error = element("span.error", { id: `${id}-error` });
  const tell = (/** @type {string} */ text) => {
    setText(error, text);
    setAttribute(control, "aria-invalid", text && "true");
  };
  const check = () => {
    if (control.required && !control.value.trim()) tell(say("required"));
    else if (control.validity.typeMismatch) tell(say("emailWrong"));
    else tell("");
    return !error.textContent;
  };
  control.addEventListener("input", () => error.textContent && check());
  if (field.error) tell(field.error);
  const node = element("div.field",
    element("label", { for: id }, field.label, field.required === false && element("span.quiet", ` (${say("optional")})`)), control, error);
  return { node, control, check };
}
