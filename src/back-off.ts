/** Failures beyond which the wait doesn't grow, so that the power of two stays a number. */
const doublingsMax = 30;

/**
 * How long to wait after `failures` failures in a row: the pause, doubled with each one up to `msMax`, less up to half of it
 * by chance, so that servers that failed together don't come back together.
 */
export function backOffMs(failures: number, pauseMs: number, msMax: number, chance: number): number {
  const doublings = Math.min(Math.max(failures - 1, 0), doublingsMax);
  return Math.min(pauseMs * 2 ** doublings, Math.max(msMax, pauseMs)) * (1 - chance / 2);
}
