/** The player inside the element: puts playback and views together. Commands go in, events come out. */

import { Book } from "./book.js";
import { fillTrack } from "./captions.js";
import { commandsOf, setVolume } from "./commands.js";
import { Share, help } from "./dialogs.js";
import { clock, setText } from "./dom.js";
import { Finder } from "./finder.js";
import { early, indexAt, scenes } from "./item.js";
import { commandOf } from "./keys.js";
import { Lines } from "./lines.js";
import { announce } from "./media-keys.js";
import * as pace from "./pace.js";
import { Playback } from "./playback.js";
import { Problem, fetchCaptions, fetchItem, findMoments } from "./service.js";
import { choice, shell } from "./shell.js";
import { showAbout, showControls, showNotice } from "./showing.js";
import { Teller } from "./telling.js";
import { Waveform } from "./waveform.js";

/** A press on "previous" within so much of a scene's beginning goes to the scene before. */
const JUST_BEGUN_MS = 2_000;
/** A picture that fails soon after its link was renewed is lost. */
const AGAIN_AFTER_MS = 60_000;

/**
 * @typedef {{service: string, item: string, start: number, view: string, medium: string}} Wish
 *   what the element's attributes say; `start` in milliseconds
 */

export class Player {
  /** @type {import("./item.js").Item | null} */
  item = null;
  pace = pace.NORMAL;
  captionsOn = true;
  asSlides = false;
  /** @type {Problem | null} what the item could not be loaded for */
  problem = null;
  /** @type {import("./item.js").Line[]} */
  #lines = [];
  #scene = -1;
  /** @type {Wish} */
  #wish = { service: "", item: "", start: 0, view: "", medium: "" };
  /** Grows with each load: what an older one still brings is dropped. */
  #load = 0;
  /** When fresh links were asked for last. */
  #renewed = -Infinity;

  /**
   * @param {(name: string, detail: object) => void} emit
   * @param {Element} host
   */
  constructor(emit, host) {
    this.teller = new Teller(emit);
    this.commands = commandsOf(this);
    this.host = host;
    const open = (/** @type {number} */ start) => this.playFrom(start);
    this.waveform = new Waveform((position) => this.playback.seek(position));
    this.scenePace = choice("Speed of this scene");
    this.scenePace.onchange = () => this.setPace({ ...this.pace, scene: { index: this.#scene, speed: Number(this.scenePace.value) } });
    this.book = new Book((step) => this.leaf(step), (scene) => this.playback.seek(scene.start), this.scenePace);
    this.transcript = new Lines("Transcript", "There is no transcript.", open);
    this.chapters = new Lines("Chapters", "There are no chapters.", open);
    this.finder = new Finder(
      (text) => findMoments(this.#wish.service, this.#wish.item, text),
      (start) => open(early(this.#lines, start)),
    );
    this.share = new Share((text) => this.say(text));
    this.help = help();
    this.ui = shell((command) => this.commands[command](), {
      timeline: this.waveform.node,
      book: this.book.node,
      pages: [
        { name: "transcript", label: "Transcript", node: this.transcript.node },
        { name: "chapters", label: "Chapters", node: this.chapters.node },
        { name: "find", label: "Find", node: this.finder.node },
      ],
    });
    const { media, root, speed, volume, panel } = this.ui;
    panel.addEventListener("click", () => this.#renderTime()); // another tab: its list has not followed
    this.playback = new Playback(media, () => this.#renew());
    this.playback.addEventListener("time", () => this.#renderTime());
    this.playback.addEventListener("change", () => this.changed());
    this.track = media.addTextTrack("captions");
    media.onclick = () => this.toggle();
    this.book.image.onerror = () => this.#refreshPictures();
    speed.onchange = () => this.setPace({ usual: Number(speed.value), scene: null });
    volume.oninput = () => setVolume(media, Number(volume.value) / 100);
    root.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => this.#key(event));
    this.nodes = [root, this.share.node, this.help];
  }

  /** Shows another item; what was playing ends. @param {Wish} wish */
  async load(wish) {
    const load = ++this.#load;
    this.#wish = wish;
    this.item = this.problem = null;
    this.#scene = -1;
    this.playback.load(null, 0, 0);
    this.ui.root.dataset.medium = wish.medium;
    this.#render("loading");
    try {
      const item = await fetchItem(wish.service, wish.item);
      if (load === this.#load) await this.#take(item, load);
    } catch (error) {
      if (load !== this.#load) return;
      this.problem = error instanceof Problem ? error : new Problem("internal_error", "The service's answer could not be read.");
      if (this.problem.code === "offline") addEventListener("online", () => load === this.#load && this.load(wish), { once: true });
      this.#render("failed");
      this.teller.problem(this.problem);
    }
  }

  /** @param {import("./item.js").Item} item @param {number} load */
  async #take(item, load) {
    this.item = item;
    if (this.#foreign) this.ui.media.crossOrigin = "anonymous";
    this.ui.root.dataset.medium = item.medium;
    this.ui.media.poster = item.medium === "video" ? item.slides[0]?.image || item.image : "";
    showAbout(this.ui, item, this.#foreign);
    this.waveform.load(item);
    this.book.load(item.slides, this.#foreign);
    this.chapters.load(item.chapters);
    this.finder.clear();
    this.ui.choose(item.captions || !item.chapters.length ? "transcript" : "chapters");
    this.setPace(pace.NORMAL);
    this.playback.load(item.recording, item.duration, this.#wish.start);
    this.show(this.#wish.view);
    // Captions that cannot be had are no reason not to play.
    const lines = item.captions ? await fetchCaptions(item.captions.url).catch(() => []) : [];
    if (load !== this.#load) return;
    this.#lines = lines;
    this.transcript.load(lines);
    fillTrack(this.track, lines);
    this.changed();
    this.teller.ready(item);
  }

  /** Whether the service is another site than the page: then its answers are asked for by CORS. */
  get #foreign() {
    return this.#wish.service !== location.origin;
  }

  /** A fresh link, and fresh ones for the pictures. */
  async #renew() {
    const load = this.#load;
    this.#renewed = performance.now();
    const item = await fetchItem(this.#wish.service, this.#wish.item);
    if (!item.recording) throw new Problem("no_recording", "There is no recording of this any more.");
    if (load === this.#load) {
      this.item = item;
      this.book.load(item.slides, this.#foreign);
    }
    return item.recording;
  }

  /** Somebody leafs on the next morning: the links of the pictures have expired, like that of the recording. */
  async #refreshPictures() {
    const expires = this.item?.recording?.expires ?? null;
    if (expires === null || Date.now() < expires || performance.now() - this.#renewed < AGAIN_AFTER_MS) return;
    await this.#renew().catch(() => null);
    this.#renderTime();
  }

  toggle() {
    if (this.playback.going) this.playback.pause();
    else this.playback.play();
  }

  /** After a failure. */
  tryAgain() {
    if (this.problem) this.load(this.#wish);
    else this.playback.play();
  }

  /** @param {number} position milliseconds */
  playFrom(position) {
    this.playback.seek(position);
    this.playback.play();
  }

  /** To the next or the previous scene, or chapter. @param {1 | -1} step */
  leaf(step) {
    if (!this.item) return;
    const all = scenes(this.item);
    const { position } = this.playback;
    const now = indexAt(all, position);
    const again = step < 0 && !this.asSlides && now >= 0 && position - all[now].start > JUST_BEGUN_MS;
    const next = all[again ? now : now + step];
    if (next) this.playback.seek(next.start);
    else if (step < 0) this.playback.seek(0);
  }

  /** Shows where something is said. @param {string} text @returns {Promise<import("./item.js").Line[]>} best first */
  search(text) {
    this.ui.choose("find");
    return this.finder.search(text);
  }

  /** @param {string} view auto, slides or wave */
  show(view) {
    this.asSlides = view === "slides" && Boolean(this.item?.slides.length);
    this.ui.root.dataset.view = this.asSlides ? "slides" : "wave";
    this.book.node.hidden = !this.asSlides;
    this.changed();
  }

  /** @param {import("./pace.js").Pace} wanted */
  setPace(wanted) {
    this.pace = wanted;
    this.playback.speed = pace.speed(wanted);
    this.changed();
  }

  /** What only a screen reader says. @param {string} text */
  say(text) {
    setText(this.ui.said, text);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const command = commandOf(event, /** @type {Element} */ (event.composedPath()[0]));
    if (!command || (!this.item && command !== "help")) return;
    event.preventDefault();
    this.commands[command]();
  }

  /** What the controls show has changed. */
  changed() {
    if (!this.item) return;
    const { state, problem } = this.playback;
    this.#render(state);
    this.#renderTime();
    if (this.teller.state(state) && state === "playing") announce(this);
    this.teller.problem(problem);
  }

  /** @param {string} state */
  #render(state) {
    this.ui.root.dataset.state = state;
    this.track.mode = this.captionsOn && this.item?.medium === "video" && !this.asSlides ? "showing" : "hidden";
    showControls(this, state);
    showNotice(this, this.problem ?? this.playback.problem);
  }

  #renderTime() {
    const { position, duration, going } = this.playback;
    const all = this.item ? scenes(this.item) : [];
    const index = indexAt(all, position);
    if (index !== this.#scene) {
      this.#scene = index;
      const entered = pace.entering(this.pace, index);
      if (entered !== this.pace) this.setPace(entered);
      this.teller.scene(all, index);
    }
    this.waveform.render(position, duration);
    this.book.render(position);
    this.transcript.render(position);
    this.chapters.render(position);
    const line = this.#lines[indexAt(this.#lines, position)];
    setText(this.ui.caption, this.captionsOn && line && (going || position > 0) ? line.text : "");
    const { elapsed, chapter, whole } = this.ui.times;
    setText(elapsed, clock(position));
    setText(chapter, this.waveform.chapter);
    setText(whole, clock(duration));
    if (this.item) this.teller.time(position, duration);
  }
}
