/** What the chat asks of the service beside its socket, and how that may fail. */

const WITHIN_MS = 20_000;

/** Something that was wrong: a stable `code`, and the service's sentence where there is one. */
export class Problem extends Error {
  /** @param {string} code @param {string} [message] */
  constructor(code, message = "") {
    super(message);
    this.code = code;
  }
}

export class Service {
  /** @param {string} origin @param {string} shop @param {() => string | null} session */
  constructor(origin, shop, session) {
    this.origin = origin;
    this.shop = shop;
    this.session = session;
  }

  get socket() {
    const url = this.#url("");
    url.protocol = url.protocol.replace("http", "ws");
    return url.href;
  }

  /** What comes by itself on a page. @param {import("./chat.js").Page} page @param {string} language @returns {Promise<any[]>} */
  async proactive({ url, product }, language) {
    return (await (await this.#ask(this.#url("/config", { url, product: product ?? "", language }))).json()).proactive;
  }

  /** @param {string} conversation @param {number} before a seq @returns {Promise<{messages: any[], more: boolean}>} */
  async older(conversation, before) {
    return (await this.#ask(this.#url("/messages", { conversation, before }))).json();
  }

  /** @param {Blob} recording @returns {Promise<{text: string, voice: string | null}>} what was said, "" for nothing */
  async transcribe(recording) {
    const headers = { "Content-Type": recording.type };
    return (await this.#ask(this.#url("/voice"), { method: "POST", body: recording, headers })).json();
  }

  /** @param {string} conversation @param {number} seq */
  async speech(conversation, seq) {
    return (await this.#ask(this.#url(`/speech/${encodeURIComponent(conversation)}/${seq}`))).arrayBuffer();
  }

  /** @param {string} code @returns {Promise<{session: string, conversation: string}>} */
  async pair(code) {
    const headers = { "Content-Type": "application/json" };
    return (await this.#ask(this.#url("/pair"), { method: "POST", body: JSON.stringify({ code }), headers })).json();
  }

  /** @param {string} path @param {Record<string, string | number>} [query] */
  #url(path, query = {}) {
    const url = new URL(`/api/v1/chat${path}`, this.origin);
    for (const [name, value] of Object.entries({ store: this.shop, ...query })) url.searchParams.set(name, String(value));
    return url;
  }

  /** @param {URL} url @param {{method?: string, body?: BodyInit, headers?: Record<string, string>}} [request] */
  async #ask(url, { headers = {}, ...request } = {}) {
    const session = this.session();
    if (session) headers.Authorization = `Bearer ${session}`;
    let answer;
    try {
      answer = await fetch(url, { ...request, headers, credentials: "omit", signal: AbortSignal.timeout(WITHIN_MS) });
    } catch {
      throw new Problem("unreachable");
    }
    if (answer.ok) return answer;
    const known = await answer.json().then(({ error }) => error, () => null);
    throw new Problem(known?.code ?? "failed", known?.message);
  }
}
