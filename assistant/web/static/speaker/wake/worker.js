/** The spotter in a thread of its own: a network and a phrase first, then samples; wake words come back. */

import { unpack } from "./network.js";
import { Spotter } from "./spotter.js";

/** @type {Spotter | null} */
let spotter = null;

/** @param {MessageEvent<{model: ArrayBuffer, phrase: import("./spotter.js").Phrase} | {samples: Int16Array}>} event */
self.onmessage = ({ data }) => {
  if ("model" in data) {
    spotter = new Spotter(unpack(data.model), data.phrase);
    return self.postMessage({ ready: true });
  }
  const wake = spotter?.process(data.samples);
  if (wake) self.postMessage({ wake });
};
