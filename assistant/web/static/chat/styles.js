/** How the chat looks: one sheet for all chats of a page, adopted, so that no site has to allow inline styles. */

const STYLES = `
:host {
  --accent: var(--sori-accent, light-dark(#1d6753, #84d1b4));
  --on-accent: var(--sori-on-accent, light-dark(#fff, #06231a));
  --surface: var(--sori-surface, light-dark(#fff, #18211e));
  --ink: var(--sori-text, light-dark(#15211c, #e7efea));
  --paper: color-mix(in oklab, var(--accent) 5%, var(--surface));
  --soft: color-mix(in oklab, var(--accent) 12%, var(--surface));
  --quiet: var(--sori-muted, color-mix(in oklab, var(--ink) 74%, var(--surface)));
  --edge: color-mix(in oklab, var(--ink) 55%, var(--surface));
  --line: var(--sori-line, color-mix(in oklab, var(--ink) 15%, var(--surface)));
  --focus: var(--sori-focus, light-dark(#0b5fb0, #9ecbff));
  --live: light-dark(#b2411a, #ff9d70);
  --well: light-dark(#26845f, #6bd3a5);
  --star: light-dark(#b26a00, #ffc46b);
  --bad: light-dark(#9c2530, #ffa29c);
  --bad-soft: color-mix(in oklab, var(--bad) 10%, var(--surface));
  --radius: var(--sori-radius, 20px);
  --inner: calc(var(--radius) * .65);
  --ease: cubic-bezier(.2, .7, .2, 1);
  display: block;
  color-scheme: inherit;
}
:host([hidden]), [hidden] { display: none !important; }
:host([theme=light]) { color-scheme: light; }
:host([theme=dark]) { color-scheme: dark; }
:host([fill]) { block-size: 100%; min-block-size: 320px; }
.around { display: contents; }
.launcher, .panel, .nudge { position: fixed; z-index: var(--sori-layer, 2147483000); inset-inline: var(--sori-inset-inline, auto 20px); inset-block: var(--sori-inset-block, auto 20px); color: var(--ink); font: 400 var(--sori-font-size, 15px)/1.5 var(--sori-font, system-ui, sans-serif); text-align: start; }
*, ::before, ::after { box-sizing: border-box; min-inline-size: 0; margin: 0; padding: 0; border: 0; color: inherit; font: inherit; unicode-bidi: plaintext; }
ol, ul { list-style: none; }
button, select, summary { cursor: pointer; touch-action: manipulation; }
button:disabled { cursor: default; }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; }
.unseen, [data-follows] > .from { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.icon { inline-size: var(--size, 22px); block-size: var(--size, 22px); flex: none; fill: none; stroke: currentcolor; stroke-width: 1.8; stroke-linecap: round; stroke-linejoin: round; }
.flip:dir(rtl) { scale: -1 1; }
.bad.icon { rotate: 180deg; }
.quiet { color: var(--quiet); font-size: .86em; }
.grow { flex: 1; }
strong, h2, h3, h4, legend, .name { font-weight: 600; }
.name { line-height: 1.3; overflow-wrap: anywhere; }
.box, .lines, .sides, .form fieldset { display: grid; gap: 12px; }
.narrowing, .choices, .field, .events, .conversations, .warnings { display: grid; gap: 8px; }

.launcher { display: grid; place-items: center; inline-size: var(--sori-launcher-size, 60px); aspect-ratio: 1; padding: 0; border: 1px solid transparent; border-radius: 50%; background: var(--accent); color: var(--on-accent); box-shadow: 0 8px 24px -6px rgb(0 0 0/.4); transition: scale .16s var(--ease); }
.launcher:hover { scale: 1.05; }
.launcher .icon { inline-size: 46%; block-size: auto; }
.badge, .count { display: grid; place-items: center; min-inline-size: 22px; block-size: 22px; padding-inline: 6px; border-radius: 11px; background: var(--live); color: var(--surface); font-size: 12.5px; font-weight: 600; line-height: 1; font-variant-numeric: tabular-nums; }
.nudge { display: grid; grid-template-columns: 1fr auto; gap: 8px; inline-size: min(300px, 100vw - 40px); margin-block: calc(var(--sori-launcher-size, 60px) + 12px); padding: 12px; border: 1px solid var(--line); border-radius: var(--inner); background: var(--surface); box-shadow: 0 8px 24px -6px rgb(0 0 0/.4); animation: rise .24s var(--ease); }
.nudge .buttons { grid-column: 1/3; }
.said { background: none; text-align: start; overflow-wrap: anywhere; }
.launcher .badge { position: absolute; inset-block-start: -3px; inset-inline-end: -3px; box-shadow: 0 0 0 3px var(--surface); }

.panel { inline-size: min(var(--sori-width, 408px), 100vw - 40px); block-size: min(var(--sori-height, 700px), 100dvh - 40px); max-inline-size: none; max-block-size: none; flex-direction: column; overflow: hidden; border: 1px solid var(--line); border-radius: var(--radius); background: var(--surface); box-shadow: 0 24px 60px -12px rgb(0 0 0/.35); }
.panel[open] { display: flex; animation: rise .24s var(--ease); }
.panel::backdrop { background: none; }
.panel:modal { inset: 0; inline-size: 100vw; block-size: min(var(--seen, 100dvh), 100dvh); border: 0; border-radius: 0; box-shadow: none; }
.panel:focus { outline: none; }
:host([fill]) .panel { position: relative; z-index: 0; inset: auto; inline-size: 100%; block-size: 100%; border: 0; border-radius: 0; box-shadow: none; animation: none; }
:host([fill]) .head > :last-child { display: none; }
@keyframes rise { from { opacity: 0; translate: 0 16px; } }

.head { display: flex; align-items: center; gap: 2px; padding: 8px; border-block-end: 1px solid var(--line); }
.names { flex: 1; padding-inline: 6px; }
.names h2 { overflow: hidden; font-size: 1.0667em; line-height: 1.3; text-overflow: ellipsis; white-space: nowrap; }
.state { display: flex; align-items: center; gap: 6px; overflow: hidden; color: var(--quiet); font-size: .86em; line-height: 1.3; min-block-size: 1.3em; }
.state::before { content: ""; flex: none; inline-size: 8px; block-size: 8px; border-radius: 50%; background: var(--well); }
.state:empty::before { display: none; }
[data-state=waiting] .state::before, [data-line=connecting] .state::before { background: var(--star); animation: pulse 1.4s infinite; }
[data-state=agent] .state::before { background: var(--live); }
@keyframes pulse { 50% { opacity: .25; } }
.icon-button { position: relative; display: inline-grid; place-items: center; flex: none; inline-size: 44px; block-size: 44px; border: 1px solid transparent; border-radius: 50%; background: none; transition: background-color .14s; }
.icon-button:disabled { opacity: .35; }
.icon-button.small { inline-size: 36px; block-size: 36px; border-color: var(--line); background: var(--surface); }
.icon-button.small .icon { --size: 17px; stroke-width: 2.1; }
.icon-button.tiny { inline-size: 28px; block-size: 28px; color: var(--quiet); }
.icon-button.tiny .icon { --size: 16px; }
.icon-button.tiny[aria-pressed=true] { background: var(--soft); color: var(--accent); }
.icon-button.main { background: var(--accent); color: var(--on-accent); }
.head .count { position: absolute; inset-block-start: 2px; inset-inline-end: 0; min-inline-size: 18px; block-size: 18px; padding-inline: 4px; font-size: 11px; background: var(--accent); color: var(--on-accent); }

.banner { display: flex; align-items: center; gap: 10px; padding: 10px 16px; border-block-end: 1px solid var(--line); background: var(--soft); font-size: .92em; line-height: 1.4; }
.banner .icon { --size: 20px; color: var(--accent); }
.banner p { flex: 1; }
.banner[data-tone=bad] { background: var(--bad-soft); }
.banner[data-tone=bad] .icon { color: var(--bad); }

.page { flex: 1; display: flex; flex-direction: column; gap: 16px; min-block-size: 0; overflow-y: auto; padding: 16px; background: var(--paper); }
.page.chat { gap: 0; padding: 0; overflow: hidden; }
.log { position: relative; flex: 1; min-block-size: 0; overflow-y: auto; padding: 16px; }
.log:focus-visible, .page:focus-visible { outline-offset: -3px; }
.list { display: flex; flex-direction: column; }
.greeting { display: grid; gap: 14px; justify-items: start; padding-block: 20px 8px; }
.sign { display: grid; place-items: center; inline-size: 52px; block-size: 52px; border-radius: 18px; background: var(--accent); color: var(--on-accent); }
.sign .icon { --size: 28px; }
.hello { font-size: 1.333em; font-weight: 600; line-height: 1.3; }
.day::first-letter { text-transform: uppercase; }
.day { align-self: center; margin-block: 10px 4px; color: var(--quiet); font-size: .8em; }

.message { display: flex; flex-direction: column; align-items: flex-start; gap: 8px; margin-block-start: 16px; }
.message[data-follows] { margin-block-start: 6px; }
.message[data-from=shopper] { align-items: flex-end; }
.from { display: flex; gap: 8px; margin-block-end: -4px; padding-inline: 4px; color: var(--quiet); font-size: .8em; }
.from > :first-child { font-weight: 600; }
.bubble { max-inline-size: 86%; padding: 9px 14px; border: 1px solid var(--line); border-radius: 18px; border-start-start-radius: 6px; background: var(--surface); white-space: pre-wrap; overflow-wrap: anywhere; }
[data-from=shopper] > .bubble { border-color: transparent; border-radius: 18px; border-end-end-radius: 6px; background: var(--accent); color: var(--on-accent); }
[data-from=agent] > .bubble { border-color: var(--live); }
[data-pending=waiting] > .bubble { opacity: .75; }
.message.note { align-self: center; max-inline-size: 90%; color: var(--quiet); font-size: .86em; text-align: center; }
.sending, .problem { padding-inline: 4px; margin-block-start: -4px; color: var(--quiet); font-size: .8em; }
.problem { display: flex; flex-wrap: wrap; align-items: center; justify-content: flex-end; gap: 4px; color: var(--bad); }
.problem .icon { --size: 16px; }
.dots { position: relative; display: flex; gap: 5px; padding: 15px 16px; border: 1px solid var(--line); border-radius: 18px; border-start-start-radius: 6px; background: var(--surface); }
.dots i { inline-size: 7px; block-size: 7px; border-radius: 50%; background: var(--quiet); animation: pulse 1.4s infinite; }
.rating { display: flex; margin-block: -6px -2px; }

.button { display: inline-flex; align-items: center; justify-content: center; gap: 8px; min-block-size: 38px; padding: 5px 16px; border: 1px solid var(--edge); border-radius: 20px; font-size: .92em; background: var(--surface); font-weight: 500; line-height: 1.3; text-align: center; text-decoration: none; transition: background-color .14s; }
.button:hover, .chip:hover, .icon-button:hover { background: var(--soft); }
.button.primary { border-color: transparent; background: var(--accent); color: var(--on-accent); }
.button.primary:hover, .main:hover { background: color-mix(in oklab, var(--accent) 85%, var(--ink)); }
.button.danger { border-color: var(--bad); color: var(--bad); }
.button .icon, .link .icon { --size: 18px; stroke-width: 2.2; }
.button:disabled, .box :disabled { opacity: .5; }
.buttons { display: flex; flex-wrap: wrap; gap: 8px; }
.link { display: inline-flex; align-items: center; gap: 6px; min-block-size: 32px; padding: 4px 8px; border-radius: 8px; background: none; color: var(--accent); font-size: .86em; font-weight: 500; text-decoration: none; }
.replies, .chips { display: flex; flex-wrap: wrap; gap: 8px; }
.narrowing { justify-items: start; }
.chip { display: inline-flex; align-items: center; gap: 6px; min-block-size: 36px; padding: 5px 14px; border: 1px solid var(--edge); border-radius: 18px; background: var(--surface); color: var(--accent); font-size: .92em; line-height: 1.3; text-align: start; transition: background-color .14s; }
.chip:disabled { border-color: var(--line); background: none; color: var(--quiet); }
.chip:disabled[data-taken] { border-color: var(--accent); background: var(--soft); color: var(--ink); }
.chip.removable { padding-inline-end: 8px; background: var(--soft); color: var(--ink); font-size: .86em; min-block-size: 32px; }
.chip.removable .icon { --size: 15px; stroke-width: 2.4; }
.narrowing[data-over] { display: none; }
.facets { inline-size: 100%; }
.facets > summary, .sources summary { display: inline-flex; align-items: center; gap: 5px; list-style: none; border-radius: 8px; color: var(--accent); font-size: .86em; font-weight: 500; }
.facets > summary { min-block-size: 32px; padding-inline: 4px; }
.facets > summary::after { content: "▾"; }
summary::-webkit-details-marker { display: none; }
.facets > div { display: grid; gap: 6px; margin-block-end: 10px; }
.facets .chip { min-block-size: 32px; padding: 3px 11px; color: var(--ink); border-color: var(--line); font-size: .86em; }

.products { align-self: stretch; }
.bar { display: flex; align-items: center; gap: 8px; }
.products .bar { margin-block-end: 8px; padding-inline: 4px; }
.products h3 { font-size: .92em; }
.carousel { position: relative; display: flex; gap: 10px; margin-inline: -16px; padding: 2px 16px 8px; overflow-x: auto; scroll-snap-type: inline mandatory; scroll-padding-inline: 16px; scrollbar-width: none; }
.carousel > li { display: flex; flex: none; inline-size: 216px; scroll-snap-align: start; }
.card { display: flex; flex-direction: column; inline-size: 100%; overflow: hidden; border: 1px solid var(--line); border-radius: var(--inner); background: var(--surface); }
.card > .picture { aspect-ratio: 4/3; }
.picture { position: relative; display: grid; place-items: center; flex: none; overflow: hidden; background: var(--soft); color: var(--edge); }
.picture > * { grid-area: 1/1; }
.message > .picture { inline-size: min(100%, 320px); border-radius: 12px; }
.message > .picture img { block-size: auto; }
.picture img { display: block; inline-size: 100%; block-size: 100%; object-fit: cover; }
.message > .picture { inline-size: 240px; aspect-ratio: 4/3; border-radius: var(--inner); }
.about { flex: 1; display: flex; flex-direction: column; gap: 4px; padding: 12px; }
.card h4 { display: -webkit-box; overflow: hidden; -webkit-box-orient: vertical; -webkit-line-clamp: 2; line-height: 1.3; overflow-wrap: anywhere; }
.card h4 a { text-decoration: none; }
.card h4 a:hover { text-decoration: underline; }
.price { display: flex; flex-wrap: wrap; align-items: baseline; gap: 4px 8px; }
.price strong { font-size: 1.0667em; }
.price .sale { color: var(--live); }
.stars { display: flex; flex-wrap: wrap; align-items: center; gap: 2px 6px; color: var(--quiet); font-size: .8em; line-height: 1.3; }
.star-row { position: relative; display: inline-flex; color: var(--edge); }
.star-row .icon { --size: 15px; stroke-width: 1.4; }
.star-row > span { position: absolute; inset-block: 0; inset-inline-start: 0; display: flex; inline-size: calc(var(--share) * 100%); overflow: hidden; color: var(--star); }
.star-row > span .icon { fill: currentcolor; }
.stock { display: flex; align-items: center; gap: 6px; color: var(--quiet); font-size: .86em; }
.stock::before { content: ""; inline-size: 7px; block-size: 7px; border-radius: 50%; background: var(--well); }
.stock.out::before { background: var(--edge); }
.facts { display: flex; flex-wrap: wrap; gap: 5px; margin-block-start: 2px; }
.facts li { padding: 2px 8px; border-radius: 6px; background: var(--paper); font-size: .8em; line-height: 1.4; }
.choices { grid-auto-flow: column; grid-auto-columns: 1fr; margin-block-start: 4px; }
select, input { inline-size: 100%; min-block-size: 40px; padding: 6px 12px; border: 1px solid var(--edge); border-radius: 10px; background: var(--surface); }
.choices select { text-transform: capitalize; min-block-size: 36px; padding: 4px 8px; font-size: .86em; }
.about > .buttons { margin-block-start: auto; padding-block-start: 8px; }
.about > .buttons .button { flex: 1 0 auto; min-block-size: 38px; padding-inline: 10px; font-size: .92em; white-space: nowrap; }
.single { align-self: stretch; }
.single .card { flex-direction: row; }
.single .card > .picture { inline-size: 37%; aspect-ratio: auto; min-block-size: 140px; }

.box, .scroller { align-self: stretch; border: 1px solid var(--line); border-radius: var(--inner); background: var(--surface); }
.box { padding: 14px; }
.box .bar h3 { flex: 1; }
.box .bar .icon { color: var(--accent); }
.status { padding: 2px 10px; border-radius: 99px; background: var(--soft); font-size: .8em; font-weight: 500; }
.scroller { position: relative; overflow-x: auto; }
table { min-inline-size: 100%; border-collapse: collapse; font-size: .92em; line-height: 1.4; }
th, td { min-inline-size: 104px; max-inline-size: 180px; padding: 9px 12px; border-block-end: 1px solid var(--line); text-align: start; vertical-align: top; font-weight: 400; overflow-wrap: anywhere; }
thead th { vertical-align: bottom; }
thead .picture { inline-size: 72px; aspect-ratio: 4/3; margin-block-end: 6px; border-radius: 8px; }
thead .name { display: block; margin-block-end: 2px; }
tbody th, thead td { position: sticky; inset-inline-start: 0; min-inline-size: 92px; max-inline-size: 116px; background: var(--surface); color: var(--quiet); }
tr:last-child > * { border-block-end: 0; }
.differs > * { background: var(--paper); }
.differs > td { font-weight: 600; }
.mark { color: var(--accent); }
.mark .icon { display: inline; --size: 17px; margin-inline-start: 4px; vertical-align: -4px; stroke-width: 2.6; }
.reviews h4 { margin-block-end: 3px; font-size: .92em; }
.reviews li { display: flex; gap: 6px; font-size: .92em; }
.reviews li .icon { --size: 15px; margin-block-start: 4px; stroke-width: 2.4; }
.pros li .icon { color: var(--accent); }
.cons li .icon { color: var(--live); }
blockquote { padding-inline-start: 10px; border-inline-start: 3px solid var(--line); color: var(--quiet); font-size: .92em; overflow-wrap: anywhere; }
blockquote + blockquote { margin-block-start: 8px; }
.sources { display: flex; flex-wrap: wrap; gap: 4px 14px; padding-inline: 4px; color: var(--quiet); font-size: .92em; }
.sources .icon { --size: 15px; }
.sources li > span { display: inline-flex; align-items: center; gap: 5px; font-size: .86em; }
.sources summary { min-block-size: 28px; text-decoration: underline dotted; }

.line { display: flex; gap: 12px; }
.line .picture { inline-size: 56px; block-size: 56px; border-radius: 10px; }
.what { flex: 1; display: grid; gap: 2px; justify-items: start; }
.line .note { color: var(--live); font-size: .86em; font-weight: 500; }
.stepper { display: flex; align-items: center; gap: 4px; margin-block-start: 4px; }
.stepper output { min-inline-size: 2.2em; font-weight: 600; text-align: center; font-variant-numeric: tabular-nums; }
.stepper > :last-child { border-color: transparent; color: var(--quiet); }
dl { display: grid; grid-template-columns: auto 1fr; gap: 4px 16px; font-size: .92em; }
dt { color: var(--quiet); }
dd { text-align: end; overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
.totals { padding-block-start: 12px; border-block-start: 1px solid var(--line); }
.totals .total { color: var(--ink); font-size: 1.0714em; font-weight: 600; }
.stale { display: none; }
[data-over].box > :not(.bar, .stale), [data-over] .status, .form [data-over] > :not(legend) { display: none; }
[data-over] > .stale { display: block; }
.box[data-over] { background: none; }
.warnings li { display: flex; gap: 8px; padding: 8px 10px; border-radius: 10px; background: var(--bad-soft); font-size: .92em; line-height: 1.4; }
.warnings .icon { --size: 19px; color: var(--bad); }
.box > .buttons > .button, .box > .button, .form fieldset > .button { flex: 1 0 auto; }
.events li { position: relative; padding-inline-start: 20px; }
.events li::before { content: ""; position: absolute; inset-inline-start: 3px; inset-block-start: .5em; inline-size: 8px; block-size: 8px; border-radius: 50%; background: var(--accent); }
legend { margin-block-end: 12px; }
.field { gap: 4px; }
.field label { font-size: .92em; font-weight: 500; }
[aria-invalid] { border-color: var(--bad); box-shadow: inset 0 0 0 1px var(--bad); }
.error { color: var(--bad); font-size: .86em; }
.error:empty { display: none; }
.code { justify-items: center; text-align: center; }
.code strong { font: 600 2em/1.2 ui-monospace, monospace; letter-spacing: .14em; }

.bottom { max-block-size: 45%; overflow-y: auto; border-block-start: 1px solid var(--line); background: var(--surface); }
.menu { padding-inline: 12px; }
.menu .buttons { margin-block-end: 6px; }
.menu summary { list-style: none; }
.consent { padding: 12px 16px; border-block-start: 1px solid var(--line); background: var(--soft); font-size: .92em; line-height: 1.45; }
.consent .buttons { align-items: center; margin-block-start: 8px; }
.composer { padding: 10px 12px 4px; border-block-start: 1px solid var(--line); background: var(--surface); }
.entry { display: flex; align-items: flex-end; gap: 4px; padding: 3px; border: 1px solid var(--edge); border-radius: 26px; background: var(--surface); }
.entry:focus-within { border-color: var(--focus); }
textarea:focus-visible { outline: none; }
.entry:has(textarea:focus-visible) { outline: 2px solid var(--focus); outline-offset: 0; }
textarea { flex: 1; max-block-size: 132px; padding: 11px 4px 11px; padding-inline-start: 14px; background: none; line-height: 22px; resize: none; }
textarea::placeholder { color: var(--quiet); opacity: 1; }
@media (pointer: coarse) { textarea, input, select { font-size: max(16px, 1em); } }
[data-empty] .main { background: var(--soft); color: var(--quiet); }
[data-voice] .main { display: none; }
[data-voice=listening] [aria-pressed=true] { background: var(--accent); color: var(--on-accent); }
.voice { flex: 1; display: flex; align-items: center; gap: 12px; min-block-size: 44px; padding-inline-start: 14px; }
.voice .hint { font-size: .92em; }
.meter { --level: 0; position: relative; inline-size: 14px; block-size: 14px; flex: none; border-radius: 50%; background: var(--live); }
.meter::after { content: ""; position: absolute; inset: -4px; border-radius: 50%; background: inherit; opacity: .3; scale: calc(.7 + var(--level) * 1.2); }
.foot { display: flex; flex-wrap: wrap; justify-content: space-between; padding: 0 8px 8px; padding-block-end: max(8px, env(safe-area-inset-bottom)); background: var(--surface); }

.conversations button { display: grid; grid-template-columns: 1fr auto; gap: 2px 12px; align-items: center; inline-size: 100%; padding: 12px 14px; border: 1px solid var(--line); border-radius: var(--inner); background: var(--surface); text-align: start; }
.conversations [aria-current] { border-color: var(--accent); background: var(--soft); }
.conversations .name { display: -webkit-box; overflow: hidden; -webkit-box-orient: vertical; -webkit-line-clamp: 2; }
.conversations span { grid-column: 1; }
.conversations .badge { grid-area: 1/2/3/3; }
.page > .button, .page > .link { flex: none; }
.page > .link { align-self: center; color: var(--quiet); }
.pair { display: flex; gap: 8px; }
.pair .button { flex: none; }

@media (prefers-reduced-motion: reduce) { *, ::before, ::after { animation: none !important; transition: none !important; } }
@media (forced-colors: active) {
  .launcher, .bubble, .button, .icon-button, .chip { border-color: ButtonText; }
  .main, .launcher, [data-taken] { border-width: 2px; }
  .icon-button[aria-pressed=true] { outline: 2px solid Highlight; }
  .state::before, .stock::before, .events li::before, .meter, .dots i { background: CanvasText; forced-color-adjust: none; }
  .star-row > span { color: Highlight; forced-color-adjust: none; }
}
`;

/** @type {CSSStyleSheet | null} */
let made = null;

/** The sheet, made once. */
export function sheet() {
  if (!made) {
    made = new CSSStyleSheet();
    made.replaceSync(STYLES);
  }
  return made;
}
