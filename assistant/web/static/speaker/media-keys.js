/** The system's own media keys and lock screen. */

/**
 * @param {import("./types.js").Play} item what plays
 * @param {{toggle: () => void, stop: () => void, skip: (ms: number) => void}} player what the keys do
 */
export function announce(item, player) {
  if (!navigator.mediaSession) return;
  const artwork = item.image_url ? [{ src: new URL(item.image_url, location.href).href }] : [];
  navigator.mediaSession.metadata = new MediaMetadata({ title: item.title, artist: item.creator ?? "", artwork });
  navigator.mediaSession.setActionHandler("play", () => player.toggle());
  navigator.mediaSession.setActionHandler("pause", () => player.toggle());
  navigator.mediaSession.setActionHandler("stop", () => player.stop());
  navigator.mediaSession.setActionHandler("seekbackward", () => player.skip(-STEP_MS));
  navigator.mediaSession.setActionHandler("seekforward", () => player.skip(STEP_MS));
}

/** What a key skips. */
export const STEP_MS = 15_000;

/** @param {boolean} playing */
export function showPlaying(playing) {
  if (navigator.mediaSession) navigator.mediaSession.playbackState = playing ? "playing" : "paused";
}
