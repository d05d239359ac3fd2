/**
 * The keys of the player, while it has the focus: which command each gives.
 *
 * @typedef {"toggle" | "back" | "forward" | "before" | "after" | "previous" | "next" | "slower" | "faster" | "louder"
 *   | "quieter" | "mute" | "captions" | "slides" | "expand" | "share" | "find" | "help"} Command
 */

/** @type {{keys: string[], names: string[], command: Command, does: string}[]} */
const BINDINGS = [
  { keys: [" ", "k"], names: ["Space", "K"], command: "toggle", does: "Play or pause" },
  { keys: ["j"], names: ["J"], command: "back", does: "15 seconds back" },
  { keys: ["l"], names: ["L"], command: "forward", does: "30 seconds ahead" },
  { keys: ["ArrowLeft"], names: ["←"], command: "before", does: "5 seconds back; the page before" },
  { keys: ["ArrowRight"], names: ["→"], command: "after", does: "5 seconds ahead; the next page" },
  { keys: ["p"], names: ["P"], command: "previous", does: "Previous scene or chapter" },
  { keys: ["n"], names: ["N"], command: "next", does: "Next scene or chapter" },
  { keys: ["ArrowUp"], names: ["↑"], command: "louder", does: "Louder" },
  { keys: ["ArrowDown"], names: ["↓"], command: "quieter", does: "Quieter" },
  { keys: ["m"], names: ["M"], command: "mute", does: "Sound off or on" },
  { keys: ["<"], names: ["<"], command: "slower", does: "Slower" },
  { keys: [">"], names: [">"], command: "faster", does: "Faster" },
  { keys: ["c"], names: ["C"], command: "captions", does: "Captions" },
  { keys: ["s"], names: ["S"], command: "slides", does: "Read as slides" },
  { keys: ["f"], names: ["F"], command: "expand", does: "Full screen" },
  { keys: ["/"], names: ["/"], command: "find", does: "Find the moment" },
  { keys: ["?"], names: ["?"], command: "help", does: "These keys" },
];

export const KEYS = BINDINGS.map(({ names, does }) => ({ names, does }));

const COMMANDS = new Map(BINDINGS.flatMap(({ keys, command }) => keys.map((key) => [key, command])));

/** What a control does with these keys itself. @type {[string, RegExp][]} */
const OWN = [
  ["input:not([type=range],[type=checkbox]),textarea", /./],
  ["select", /^(.|Arrow.*)$/],
  ["input[type=range]", /^Arrow/],
  ["button,a,input[type=checkbox]", /^ $/],
];

/**
 * The command that a key gives, if any.
 * @param {KeyboardEvent} event @param {Element} target what has the focus
 * @returns {Command | null}
 */
export function commandOf(event, target) {
  if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return null;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (OWN.some(([control, keys]) => target.matches(control) && keys.test(key))) return null;
  return COMMANDS.get(key) ?? null;
}
