/** What a shop says by itself beside the closed chat: one at a time, in its time, and gone once the chat opens. */

import { element } from "./dom.js";
import { icon } from "./icons.js";
import { buttonsOf } from "./product-view.js";

export class Nudges {
  /** @type {number[]} */
  #timers = [];

  /** @param {import("./product-view.js").Desk} desk @param {() => void} open the chat @param {HTMLElement} launcher */
  constructor(desk, open, launcher) {
    this.launcher = launcher;
    this.open = open;
    this.desk = { ...desk, tap: (/** @type {[any, string]} */ ...tapped) => {
      open();
      desk.tap(...tapped);
    } };
    this.node = element("aside.nudge", { "aria-label": desk.say("assistant"), hidden: true });
  }

  /** @param {any[]} messages @param {(message: any) => boolean | undefined} may whether it may be shown at this moment */
  start(messages, may) {
    this.stop();
    this.#timers = messages.map((one) => setTimeout(() => this.node.hidden && may(one) && this.#show(one), one.after_s * 1000));
  }

  /** Takes away what is there, and what would come. */
  stop() {
    this.#timers.forEach((timer) => clearTimeout(timer));
    this.node.hidden = true;
  }

  /** @param {any} message */
  #show({ text, buttons }) {
    const close = () => {
      this.node.hidden = true;
      this.launcher.focus();
    };
    this.node.replaceChildren(
      element("button.said", { onclick: this.open }, text),
      element("button.icon-button.tiny", { "aria-label": this.desk.say("dismiss"), onclick: close }, icon("close")),
      buttonsOf(buttons, this.desk) ?? "");
    this.node.hidden = false;
  }
}
