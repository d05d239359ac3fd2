/** A button that goes through the themes: the system's, light, dark. */

const NEXT = { "": "light", light: "dark", dark: "" };
const NAMES = { "": "as the system", light: "light", dark: "dark" };

/** @param {HTMLElement} button @param {() => void} onChange */
export function bindThemeButton(button, onChange) {
  const root = document.documentElement;
  const label = () => button.setAttribute("aria-label", `Theme: ${NAMES[/** @type {keyof typeof NAMES} */ (root.dataset.theme ?? "")]}`);
  button.addEventListener("click", () => {
    const theme = NEXT[/** @type {keyof typeof NEXT} */ (root.dataset.theme ?? "")];
    if (theme) root.dataset.theme = theme;
    else delete root.dataset.theme;
    try {
      localStorage.setItem("theme", theme);
    } catch {
      // Storage is blocked: the choice lasts as long as the page.
    }
    label();
    onChange();
  });
  label();
}
