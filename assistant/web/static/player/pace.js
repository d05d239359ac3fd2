/**
 * How fast it plays: at the usual speed, or for one scene at another, which ends with the scene. Pure.
 *
 * @typedef {{usual: number, scene: {index: number, speed: number} | null}} Pace
 */

export const SPEEDS = [0.5, 0.75, 1, 1.25, 1.5, 1.75, 2];

/** @type {Pace} */
export const NORMAL = Object.freeze({ usual: 1, scene: null });

/** @param {Pace} pace */
export const speed = (pace) => pace.scene?.speed ?? pace.usual;

/** Another scene has begun, or still the same. @param {Pace} pace @param {number} index @returns {Pace} */
export const entering = (pace, index) => (pace.scene && pace.scene.index !== index ? { ...pace, scene: null } : pace);

/** The next speed that is offered. @param {number} now @param {1 | -1} step */
export function stepped(now, step) {
  const beyond = step > 0 ? SPEEDS.filter((one) => one > now) : SPEEDS.filter((one) => one < now).reverse();
  return beyond[0] ?? allowed(now);
}

/** Any speed as one that can be played. @param {number} wanted */
export const allowed = (wanted) => Math.min(SPEEDS[SPEEDS.length - 1], Math.max(SPEEDS[0], Number(wanted) || 1));
