// The set-up's comfort: a tone brings its greeting, a colour of the palette is written down, the line for the site is copied.

/** @type {HTMLTextAreaElement | null} */
const greeting = document.querySelector("textarea[name=greeting]");
/** @type {NodeListOf<HTMLInputElement>} */
const tones = document.querySelectorAll("input[data-greeting]");
const drafted = new Set([...tones].map((one) => one.dataset.greeting ?? ""));
for (const tone of tones) {
  tone.addEventListener("change", () => {
    // What somebody has written themselves stays.
    if (greeting && drafted.has(greeting.value.trim())) greeting.value = tone.dataset.greeting ?? "";
  });
}

/** @type {HTMLInputElement | null} */
const accent = document.querySelector("input[name=accent]");
for (const one of /** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll("input[data-colour]"))) {
  one.addEventListener("change", () => {
    if (accent) accent.value = one.dataset.colour ?? "";
  });
}

/** @type {HTMLElement | null} */
const chat = document.querySelector("sori-chat[data-style]");
const [property, colour] = (chat?.dataset.style ?? "").split(": ");
if (chat && colour) chat.style.setProperty(property, colour); // the console allows no inline styles

for (const button of /** @type {NodeListOf<HTMLButtonElement>} */ (document.querySelectorAll("button[data-copy]"))) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const text = document.getElementById(button.dataset.copy ?? "")?.textContent ?? "";
    const said = document.querySelector("[data-copied]");
    try {
      await navigator.clipboard.writeText(text);
      if (said) said.textContent = "Copied.";
    } catch {
      if (said) said.textContent = "Your browser does not let us copy. Please mark the lines and copy them.";
    }
  });
}
