/** Sends a file in pieces (tus 1.0), goes on where it was after a pause, a broken connection or a reload. */

import { ApiError } from "./api.js";

const VERSION = { "Tus-Resumable": "1.0.0" };
const ENDPOINT = "/api/v1/uploads";
/** Bytes of a request: what a broken connection costs at most where a proxy keeps all of it. */
export const PIECE = 16 * 1024 * 1024;

/** Milliseconds to wait before the attempt of this number, from 0 on. @param {number} attempt */
export function pause(attempt) {
  return Math.min(30_000, 1000 * 2 ** attempt);
}

/** Whether the same request may succeed a little later. @param {number} status 0 where nobody answered */
export function isPassing(status) {
  return status === 0 || status === 409 || status === 423 || status === 460 || status === 429 || status >= 500 && status !== 507;
}

/** By which the same file is known again. @param {{name: string, size: number, lastModified: number}} file */
export function fingerprint(file) {
  return [file.name, file.size, file.lastModified].join("|");
}

/** `Upload-Metadata` of tus. @param {Record<string, string>} pairs */
export function metadata(pairs) {
  const base64 = (/** @type {string} */ text) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));
  return Object.entries(pairs).filter(([, value]) => value).map(([key, value]) => `${key} ${base64(value)}`).join(",");
}

/** Where unfinished uploads are, by file; survives a reload. */
export class Memory {
  /** @param {Storage} storage */
  constructor(storage) {
    this.storage = storage;
  }

  /** @param {string} file */
  get(file) {
    return this.storage.getItem(`studio-upload:${file}`);
  }

  /** @param {string} file @param {string | null} location */
  set(file, location) {
    if (location) this.storage.setItem(`studio-upload:${file}`, location);
    else this.storage.removeItem(`studio-upload:${file}`);
  }
}

/** @typedef {"sending" | "waiting" | "paused" | "done" | "failed" | "cancelled"} UploadState */

export class Upload {
  /**
   * @param {File} file @param {import("./api.js").Api} api @param {Memory} memory
   * @param {(upload: Upload) => void} onChange
   */
  constructor(file, api, memory, onChange) {
    this.file = file;
    this.api = api;
    this.memory = memory;
    this.onChange = onChange;
    /** @type {UploadState} */
    this.state = "paused";
    this.sent = 0;
    this.problem = "";
    /** @type {string | null} */
    this.location = null;
    /** @type {XMLHttpRequest | null} */
    this.request = null;
    /** Grows with each start, so that one that was paused does not go on. */
    this.run = 0;
  }

  /** The item's id, which is the upload's. */
  get item() {
    return this.location?.split("/").pop() ?? "";
  }

  /** Sends what is missing, trying again for as long as that may help. */
  async start() {
    const run = ++this.run;
    this.problem = "";
    for (let attempt = 0; run === this.run; ) {
      try {
        this.become("sending");
        await this.sendAll(run, () => (attempt = 0));
        if (run === this.run) this.become("done");
        return;
      } catch (error) {
        if (run !== this.run) return;
        const problem = error instanceof ApiError ? error : new ApiError("unknown", String(error), 400);
        this.problem = problem.message;
        if (!isPassing(problem.status)) return this.become("failed");
        this.become("waiting");
        await new Promise((resume) => setTimeout(resume, pause(attempt++)));
      }
    }
  }

  pause() {
    this.run++;
    this.request?.abort();
    this.become("paused");
  }

  async cancel() {
    this.pause();
    this.memory.set(fingerprint(this.file), null);
    if (this.location) await this.api.send("DELETE", this.location, { headers: VERSION }).catch(() => null);
    this.become("cancelled");
  }

  /** @param {number} run @param {() => void} onProgress */
  async sendAll(run, onProgress) {
    let offset = await this.begin();
    this.told(offset);
    while (offset < this.file.size && run === this.run) {
      offset = await this.sendPiece(offset, onProgress);
    }
    if (run === this.run) this.memory.set(fingerprint(this.file), null);
  }

  /** The bytes that are there already, of this upload or of a new one. */
  async begin() {
    const known = fingerprint(this.file);
    this.location ??= this.memory.get(known);
    if (this.location) {
      try {
        const head = await this.api.send("HEAD", this.location, { headers: VERSION });
        return Number(head.headers.get("Upload-Offset"));
      } catch (error) {
        if (!(error instanceof ApiError && error.status === 404)) throw error;
        this.location = null;
      }
    }
    const headers = {
      ...VERSION,
      "Upload-Length": String(this.file.size),
      "Upload-Metadata": metadata({ filename: this.file.name.slice(0, 200), filetype: this.file.type }),
    };
    const made = await this.api.send("POST", ENDPOINT, { headers });
    this.location = made.headers.get("Location");
    this.memory.set(known, this.location);
    return 0;
  }

  /** The offset after a piece. @param {number} offset @param {() => void} onProgress @returns {Promise<number>} */
  sendPiece(offset, onProgress) {
    const request = new XMLHttpRequest(); // fetch does not say how much has been sent
    this.request = request;
    return new Promise((resolve, reject) => {
      request.open("PATCH", /** @type {string} */ (this.location));
      const headers = { ...VERSION, "Upload-Offset": String(offset), "Content-Type": "application/offset+octet-stream" };
      for (const [name, value] of Object.entries(this.api.headers(headers))) request.setRequestHeader(name, value);
      request.upload.onprogress = (event) => {
        onProgress();
        this.told(offset + event.loaded);
      };
      request.onload = async () => {
        if (request.status === 204) resolve(Number(request.getResponseHeader("Upload-Offset")));
        else reject(await this.api.refusal(request.status, () => JSON.parse(request.responseText)));
      };
      request.onerror = request.onabort = () => reject(new ApiError("offline", "The connection broke; trying again.", 0));
      request.send(this.file.slice(offset, offset + PIECE));
    });
  }

  /** @param {number} sent */
  told(sent) {
    this.sent = sent;
    this.onChange(this);
  }

  /** @param {UploadState} state */
  become(state) {
    this.state = state;
    this.onChange(this);
  }
}
