/** Opening and closing: a window in the corner, all of the screen on a phone, or the box around it where `fill` says so. */

const phone = matchMedia("(max-width: 30rem), (max-height: 26rem)");
const coarse = matchMedia("(pointer: coarse)");

export class ChatWindow {
  /** @param {HTMLDialogElement} dialog @param {HTMLElement} launcher @param {() => void} closed it was closed by its own key */
  constructor(dialog, launcher, closed) {
    this.dialog = dialog;
    this.launcher = launcher;
    this.fill = false;
    dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      closed();
    });
    dialog.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.defaultPrevented || this.fill) return;
      event.preventDefault();
      closed();
    });
    phone.addEventListener("change", () => {
      if (!dialog.open || this.fill) return;
      dialog.close();
      this.#show();
    });
    globalThis.visualViewport?.addEventListener("resize", () => this.#fit());
  }

  get open() {
    return this.dialog.open;
  }

  /** @param {HTMLElement | null} focus what gets it; null leaves it where it is */
  show(focus) {
    if (this.open) return;
    if (this.fill) this.dialog.open = true; // `show()` would take the focus from the page
    else this.#show();
    this.launcher.hidden = true;
    // A phone's keyboard would cover the half of what there is to read.
    if (focus && !this.fill) (coarse.matches ? this.dialog : focus).focus({ preventScroll: true });
  }

  close() {
    if (!this.open) return;
    this.dialog.close();
    this.launcher.hidden = false;
    this.launcher.focus({ preventScroll: true });
  }

  /** On a phone nothing else can be reached while it is open. */
  #show() {
    if (phone.matches) this.dialog.showModal();
    else this.dialog.show();
    this.#fit();
  }

  /** Above a phone's keyboard, which covers the page without a word. */
  #fit() {
    const { visualViewport } = globalThis;
    if (visualViewport && this.open) this.dialog.style.setProperty("--seen", `${visualViewport.height}px`);
  }
}
