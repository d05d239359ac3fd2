/** The HTTP interface as the studio uses it: a key with each request, and errors with their code and sentence. */

export class ApiError extends Error {
  /** @param {string} code @param {string} message @param {number} status 0 where nobody answered */
  constructor(code, message, status) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

export class Api {
  /** @param {string} key @param {() => void} onRefused called when the key lets nobody in any more */
  constructor(key, onRefused) {
    this.key = key;
    this.onRefused = onRefused;
  }

  /** Headers of every request. @param {Record<string, string>} [more] */
  headers(more = {}) {
    return { Authorization: `Bearer ${this.key}`, ...more };
  }

  /**
   * A response that succeeded, or is 304; ApiError otherwise.
   * @param {string} method @param {string} path @param {{headers?: Record<string, string>, body?: BodyInit}} [options]
   */
  async send(method, path, { headers, body } = {}) {
    let response;
    try {
      response = await fetch(path, { method, headers: this.headers(headers), body, credentials: "omit", cache: "no-store" });
    } catch {
      throw new ApiError("offline", "The service cannot be reached. Check your connection.", 0);
    }
    if (response.ok || response.status === 304) return response;
    throw await this.refusal(response.status, () => response.json());
  }

  /** What a refusal says. @param {number} status @param {() => any} read */
  async refusal(status, read) {
    if (status === 401) this.onRefused();
    try {
      const { error } = await read();
      return new ApiError(error.code, error.message, status);
    } catch {
      return new ApiError("unknown", `That did not work (${status}).`, status);
    }
  }

  /** @param {string} path */
  async get(path) {
    return (await this.send("GET", path)).json();
  }

  /** @param {string} path @param {unknown} change */
  async patch(path, change) {
    const headers = { "Content-Type": "application/json" };
    return (await this.send("PATCH", path, { headers, body: JSON.stringify(change) })).json();
  }
}
