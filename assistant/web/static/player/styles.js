/** How the player looks: one sheet for all players of a page, adopted, so that no site has to allow inline styles. */

const CSS = `
:host {
  --accent: var(--sori-accent, light-dark(#1d6753, #84d1b4));
  --on-accent: var(--sori-on-accent, light-dark(#fff, #06231a));
  --surface: var(--sori-surface, light-dark(#fafcf9, #141d1a));
  --ink: var(--sori-text, light-dark(#15211c, #e7efea));
  --quiet: var(--sori-muted, light-dark(#48584f, #a3b4ab));
  --line: var(--sori-line, light-dark(#cdd7cf, #293630));
  --ahead: color-mix(in oklab, var(--quiet) 45%, var(--surface));
  --soft: color-mix(in oklab, var(--accent) 14%, var(--surface));
  --focus: var(--sori-focus, light-dark(#0b5fb0, #9ecbff));
  --radius: var(--sori-radius, 1rem);
  --inner: calc(var(--radius) * .6);
  --ease: cubic-bezier(.2, .7, .2, 1);
  display: block;
  container-type: inline-size;
  color: var(--ink);
  font: 400 1rem/1.5 var(--sori-font, system-ui, sans-serif);
  text-align: start;
}
:host([hidden]), [hidden] { display: none !important; }
:host([fill]) { block-size: 100%; container-type: size; }
*, ::before, ::after { box-sizing: border-box; }
h2, p, ol, dl, dd { margin: 0; padding: 0; list-style: none; }
button, input, select, textarea { color: inherit; font: inherit; margin: 0; }
button, select, input[type=checkbox], input[type=range] { cursor: pointer; touch-action: manipulation; }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; }
.player:focus-visible { outline: none; }
.unseen { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.icon { inline-size: 1.375rem; block-size: 1.375rem; flex: none; fill: none; stroke: currentcolor; stroke-width: 1.8; stroke-linecap: round; stroke-linejoin: round; }
.icon .fill { fill: currentcolor; }
.icon .bold { stroke-width: 3.2; }

.player { position: relative; display: flex; flex-direction: column; overflow: hidden; border: 1px solid var(--line); border-radius: var(--radius); background: var(--surface); }
:host([fill]) .player { block-size: 100%; border: 0; border-radius: 0; }

.stage { position: relative; background: #000; color: #fff; }
.media { display: block; inline-size: 100%; aspect-ratio: 16/9; object-fit: contain; }
.media::cue { font-size: 1.05em; background: rgb(0 0 0 / 78%); }
[data-medium=audio][data-view=wave] .stage, [data-view=slides] .media { display: none; }

.book { background: var(--surface); color: var(--ink); }
.page { position: relative; overflow: hidden; background: #000; touch-action: pan-y; user-select: none; }
.page-image { display: block; inline-size: 100%; aspect-ratio: 16/9; object-fit: contain; transform-origin: center; }
.turn { position: absolute; inset-block: 0; inset-inline-start: 0; display: grid; place-items: center; inline-size: 18%; max-inline-size: 6rem; border: 0; background: none; color: #fff; transition: background-color .14s; }
.turn:last-child { inset-inline: auto 0; }
.turn .icon { padding: .55rem; box-sizing: content-box; border-radius: 50%; background: rgb(0 0 0 / 62%); }
.turn:hover:enabled { background: rgb(0 0 0 / 22%); }
.turn:disabled { opacity: 0; cursor: default; }
.turn:focus-visible { outline-offset: -4px; }
.turn:dir(rtl) .icon { scale: -1 1; }
.page-line { display: flex; align-items: center; justify-content: space-between; gap: .75rem; padding: .5rem 1rem 0; color: var(--quiet); font-size: .875rem; }
.page-text { block-size: 6.2rem; overflow-y: auto; padding: .25rem 1rem .5rem; font-size: 1.0625rem; line-height: 1.5; text-wrap: pretty; }
.thumbs { display: flex; gap: .5rem; overflow-x: auto; padding: .25rem 1rem .75rem; scrollbar-width: thin; }
.thumb { display: grid; inline-size: 6rem; padding: 0; overflow: hidden; border: 2px solid transparent; border-radius: .5rem; background: var(--soft); font-size: .75rem; }
.thumb img { display: block; inline-size: 100%; block-size: 3.25rem; object-fit: cover; background: #000; }
.thumb[aria-current] { border-color: var(--accent); }
.thumb:focus-visible { outline-offset: 0; }

.about { display: flex; gap: 1rem; min-inline-size: 0; padding: 1rem 1rem .25rem; }
.art { position: relative; display: grid; place-items: center; flex: none; inline-size: 7rem; aspect-ratio: 1; overflow: hidden; border-radius: var(--inner); background: var(--soft); color: var(--accent); }
.art > * { grid-area: 1/1; }
.art img { position: absolute; inline-size: 100%; block-size: 100%; object-fit: cover; }
[data-medium=video] .art { display: none; }
.names { flex: 1; min-inline-size: 0; min-block-size: 3.1rem; }
.title { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden; color: inherit; font-size: 1.1875rem; font-weight: 600; line-height: 1.25; letter-spacing: -.01em; text-decoration: none; }
.title[href]:hover { text-decoration: underline; text-underline-offset: .2em; }
.creator { overflow: hidden; color: var(--quiet); font-size: .9375rem; text-overflow: ellipsis; white-space: nowrap; }
.caption { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden; block-size: 2.9em; margin-block-start: .3rem; line-height: 1.45; text-wrap: pretty; }
[data-medium=video] .caption { display: none; }

.below { position: relative; padding: .25rem 1rem .5rem; }
.deck { transition: opacity .14s; }
.deck[inert] { opacity: .35; }
.timeline { position: relative; margin-block: .25rem .1rem; }
.wave { display: block; inline-size: 100%; block-size: 4rem; color: var(--accent); caret-color: var(--ahead); column-rule-color: var(--quiet); transition: color 1ms, caret-color 1ms; }
.timeline[data-plain=true] .wave, [data-medium=video] .wave { block-size: 2.25rem; }
.seek { position: absolute; inset: 0; inline-size: 100%; block-size: 100%; opacity: 0; }
.timeline:has(.seek:focus-visible) { outline: 3px solid var(--focus); outline-offset: 3px; border-radius: 4px; }
.hint { position: absolute; inset-block-end: calc(100% - .2rem); translate: -50%; padding: .1rem .55rem; border-radius: 99px; background: var(--ink); color: var(--surface); font-size: .8125rem; font-variant-numeric: tabular-nums; white-space: nowrap; pointer-events: none; max-inline-size: 100%; overflow: hidden; text-overflow: ellipsis; }

.controls { display: flex; margin-block-start: .2rem; flex-wrap: wrap; align-items: center; justify-content: space-between; column-gap: .75rem; }
.row { display: flex; align-items: center; }
.row.more { margin-inline-start: auto; gap: .15rem; }
.loud { display: flex; align-items: center; }
.icon-button { display: inline-grid; place-items: center; inline-size: 2.75rem; block-size: 2.75rem; flex: none; padding: 0; border: 1px solid transparent; border-radius: 50%; background: none; transition: background-color .14s, color .14s, scale .14s; }
.icon-button:hover:enabled { background: var(--soft); }
.icon-button:active:enabled { scale: .95; }
.icon-button:disabled { opacity: .4; cursor: default; }
.icon-button[aria-pressed=true] { background: var(--soft); color: var(--accent); }
.icon-button.main { inline-size: 3.25rem; block-size: 3.25rem; background: var(--accent); color: var(--on-accent); }
.icon-button.main:hover { background: color-mix(in oklab, var(--accent) 88%, var(--ink)); }
.main .icon { inline-size: 1.75rem; block-size: 1.75rem; }
[data-state=waiting] .main::after { content: ""; grid-area: 1/1; inline-size: 3.6rem; block-size: 3.6rem; border: 3px solid var(--accent); border-inline-start-color: transparent; border-radius: 50%; animation: turn 1s linear infinite; }
.main .icon { grid-area: 1/1; }
@keyframes turn { to { rotate: 1turn; } }
.clock { display: flex; justify-content: space-between; gap: 1rem; color: var(--quiet); font-size: .875rem; font-variant-numeric: tabular-nums; white-space: nowrap; }
.chapter { overflow: hidden; text-overflow: ellipsis; }
.speed { inline-size: 4.25rem; min-block-size: 2.25rem; padding-inline: .35rem; border: 1px solid var(--line); border-radius: 99px; background: var(--surface); font-size: .9375rem; }
.volume { inline-size: 5rem; accent-color: var(--accent); }

.notice { position: absolute; inset: 0; display: flex; align-items: center; justify-content: center; gap: .75rem; padding: 1rem; background: color-mix(in oklab, var(--surface) 84%, transparent); font-weight: 500; }
.notice .icon { color: var(--accent); }
.small { min-block-size: 2.5rem; padding: .2rem 1rem; border: 0; border-radius: 99px; background: var(--accent); color: var(--on-accent); font-weight: 500; white-space: nowrap; }
.small:hover { background: color-mix(in oklab, var(--accent) 88%, var(--ink)); }

.panel { display: flex; flex-direction: column; block-size: var(--sori-panel-height, 17rem); min-block-size: 0; border-block-start: 1px solid var(--line); }
:host([fill]) .panel { flex: 1; block-size: auto; }
.tabs { display: flex; gap: .25rem; flex: none; padding-inline: .75rem; border-block-end: 1px solid var(--line); }
.tab { min-block-size: 2.75rem; padding-inline: .75rem; border: 0; border-block-end: 3px solid transparent; background: none; color: var(--quiet); font-size: .9375rem; font-weight: 500; }
.tab[aria-selected=true] { border-block-end-color: var(--accent); color: var(--ink); }
.tab:hover { color: var(--ink); }
.tab:focus-visible { outline-offset: -4px; }
.scroll { flex: 1; min-block-size: 0; overflow-y: auto; padding: .5rem; overscroll-behavior: contain; scrollbar-width: thin; }
.line { display: grid; grid-template-columns: 3.6rem minmax(0, 1fr); inline-size: 100%; padding: .4rem .5rem; border: 0; border-radius: var(--inner); background: none; text-align: start; }
.lines[data-long=true] li { content-visibility: auto; contain-intrinsic-size: auto 2.3rem; }
.line:hover { background: var(--soft); }
.line[aria-current] { background: var(--soft); }
.line[aria-current] .time { color: var(--accent); font-weight: 700; }
.line:focus-visible { outline-offset: -3px; }
.time { color: var(--quiet); font-size: .875rem; font-variant-numeric: tabular-nums; line-height: 1.7; }
.said { overflow-wrap: anywhere; }
.who { color: var(--accent); font-weight: 600; }
.empty, .remark { padding: .5rem; color: var(--quiet); font-size: .9375rem; }
.remark:empty { display: none; }
mark { border-radius: .2em; background: color-mix(in oklab, var(--accent) 28%, transparent); color: inherit; padding-inline: .1em; }
.find { display: flex; align-items: center; gap: .5rem; padding-inline-start: .75rem; border: 1px solid var(--quiet); border-radius: 99px; }
.find:focus-within { border-color: var(--focus); outline: 2px solid var(--focus); }
.find .icon { color: var(--quiet); }
.query { flex: 1; min-inline-size: 0; min-block-size: 2.5rem; border: 0; background: none; outline: none; }
.query::placeholder { color: var(--quiet); opacity: 1; }
.find .small { border-start-start-radius: 0; border-end-start-radius: 0; }

dialog { inline-size: min(32rem, calc(100vw - 2rem)); max-block-size: calc(100dvh - 2rem); overflow: auto; padding: 1rem 1.25rem 1.25rem; border: 1px solid var(--line); border-radius: var(--radius); background: var(--surface); color: var(--ink); font: inherit; }
dialog::backdrop { background: rgb(8 18 14 / 55%); }
.dialog-top { display: flex; align-items: center; justify-content: space-between; margin-block-end: .5rem; }
h2 { font-size: 1.1875rem; font-weight: 600; }
.check { display: flex; align-items: center; gap: .6rem; min-block-size: 2.5rem; }
.check input { inline-size: 1.15rem; block-size: 1.15rem; accent-color: var(--accent); }
.copy { display: flex; flex-wrap: wrap; gap: .5rem; align-items: start; justify-content: end; margin-block-start: .75rem; }
.copy :first-child { flex: 1 1 16rem; min-inline-size: 0; min-block-size: 2.5rem; padding: .4rem .75rem; border: 1px solid var(--quiet); border-radius: var(--inner); background: none; font-size: .875rem; resize: none; }
.keys { display: grid; grid-template-columns: auto 1fr; gap: .35rem 1rem; font-size: .9375rem; }
kbd { display: inline-block; min-inline-size: 1.9rem; margin-inline-end: .25rem; padding: .05rem .45rem; border: 1px solid var(--line); border-block-end-width: 2px; border-radius: .4rem; font: inherit; font-size: .8125rem; text-align: center; }

[data-state=loading] .title:empty, [data-state=loading] .creator:empty { display: block; inline-size: 60%; block-size: 1.2rem; margin-block: .2rem .5rem; border-radius: .4rem; background: var(--soft); animation: breathe 1.4s ease-in-out infinite alternate; }
[data-state=loading] .creator:empty { inline-size: 35%; block-size: .9rem; }
.player:has(.title:empty) .empty { visibility: hidden; }
@keyframes breathe { to { opacity: .45; } }

/* Filling a frame, or the screen: the picture takes what the rest leaves. */
.player:fullscreen .stage, :host([fill]) [data-medium=video] .stage,
:host([fill]) .book, .player:fullscreen .book { display: flex; flex: 1 1 0; flex-direction: column; min-block-size: 0; }
:is(:host([fill]) [data-medium=video], .player:fullscreen) :is(.media, .page) { flex: 1 1 0; min-block-size: 0; aspect-ratio: auto; }
:host([fill]) .page-image, .player:fullscreen .page-image { block-size: 100%; aspect-ratio: auto; }
:host([fill]) [data-medium=video] .panel { flex: 0 0 11rem; }
:host([fill]) [data-view=slides] :is(.panel, .about), .player:fullscreen :is(.panel, .about) { display: none; }
.player:fullscreen { border: 0; border-radius: 0; }

@container (max-width: 46rem) {
  .volume { display: none; }
  .more .icon-button { inline-size: 2.5rem; block-size: 2.5rem; }
}
@container (max-width: 34rem) {
  .art { inline-size: 4.75rem; }
  .transport { justify-content: center; inline-size: 100%; gap: .4rem; }
  .row.more { justify-content: space-between; gap: 0; inline-size: 100%; margin: .25rem 0 0; }
  .about { padding-inline: .75rem; }
  .below { padding-inline: .75rem; }
  .turn .icon { padding: .35rem; }
  .page-text { block-size: 7.6rem; }
}
@container (min-width: 52rem) {
  .page-text { block-size: 5.4rem; }
}
@container (max-height: 36rem) {
  [data-medium=video] .panel, .thumbs { display: none; }
}
@container (max-height: 30rem) {
  .caption, [data-medium=video] .about { display: none; }
  .art { inline-size: 3.4rem; }
  .wave { block-size: 2.5rem; }
  .page-text { block-size: 3.6rem; }
}
@container (max-height: 22rem) {
  .panel, .page-text { display: none; }
}
@container (max-height: 15rem) {
  .about { display: none; }
  .wave { block-size: 1.75rem; }
}
@media (prefers-reduced-motion: reduce) {
  *, ::before, ::after { animation: none !important; transition-duration: 1ms !important; }
}
@media (forced-colors: active) {
  .icon-button, .line[aria-current], .thumb[aria-current] { border: 1px solid ButtonText; }
  .icon-button[aria-pressed=true], .tab[aria-selected=true] { outline: 2px solid Highlight; outline-offset: -4px; }
}
`;

/** @type {CSSStyleSheet | null} */
let shared = null;

/** The sheet of all players. */
export function sheet() {
  if (!shared) {
    shared = new CSSStyleSheet();
    shared.replaceSync(CSS);
  }
  return shared;
}
