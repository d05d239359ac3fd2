/** The system's media keys and lock screen, which belong to the player that began last. */

/** @param {import("./player.js").Player} player */
export function announce(player) {
  const { item, commands } = player;
  if (!item || !navigator.mediaSession) return;
  const artwork = item.image ? [{ src: item.image }] : [];
  navigator.mediaSession.metadata = new MediaMetadata({ title: item.title, artist: item.creator, album: item.series, artwork });
  navigator.mediaSession.setActionHandler("play", () => player.playback.play());
  navigator.mediaSession.setActionHandler("pause", () => player.playback.pause());
  navigator.mediaSession.setActionHandler("seekbackward", commands.back);
  navigator.mediaSession.setActionHandler("seekforward", commands.forward);
  navigator.mediaSession.setActionHandler("previoustrack", commands.previous);
  navigator.mediaSession.setActionHandler("nexttrack", commands.next);
}
