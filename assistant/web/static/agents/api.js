/** The agents' HTTP interface: a key with each request; errors are sentences fit to be shown. */

export class Api {
  /** @param {string} store @param {string} key */
  constructor(store, key) {
    this.store = store;
    this.key = key;
  }

  /** @param {string} path below /api/v1/agent @param {RequestInit} [options] @returns {Promise<Response>} */
  async ask(path, options = {}) {
    const address = `/api/v1/agent/${path}?store=${encodeURIComponent(this.store)}`;
    const headers = { Authorization: `Bearer ${this.key}`, "Content-Type": "application/json" };
    const response = await fetch(address, { ...options, headers, credentials: "omit", cache: "no-store" });
    if (response.ok) return response;
    const said = await response.json().catch(() => null);
    throw new Error(said?.error?.message ?? `That did not work (${response.status}).`);
  }

  /** @returns {Promise<any[]>} */
  async threads() {
    return (await (await this.ask("threads")).json()).threads;
  }

  /** @param {string} id @returns {Promise<any>} */
  async thread(id) {
    return (await this.ask(`threads/${encodeURIComponent(id)}`)).json();
  }

  /** @param {string} id @param {"take"|"close"|"messages"|"notes"|"typing"} what @param {string} [text] */
  async change(id, what, text) {
    const body = text === undefined ? undefined : JSON.stringify({ text });
    await this.ask(`threads/${encodeURIComponent(id)}/${what}`, { method: "POST", body });
  }

  /**
   * Server-sent events, read with fetch, since an EventSource cannot show a key; ends when the connection does.
   * @param {() => void} onChange
   */
  async watch(onChange) {
    const response = await this.ask("events");
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      if (part.value.includes("data:")) onChange();
    }
  }
}
