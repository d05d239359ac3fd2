/** Links to recordings expire; whoever may play an item gets another. */

const ANSWER_WITHIN_MS = 10_000;

/** The recording's present link, or null where there is none. @param {string} item @returns {Promise<string | null>} */
export async function freshLink(item) {
  try {
    const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
    const response = await fetch(`/api/v1/items/${encodeURIComponent(item)}/player`, { signal });
    return response.ok ? ((await response.json()).recording?.url ?? null) : null;
  } catch {
    return null; // the service is away
  }
}
