/** As much as MAAS gives at once, and how much less may be asked for. */
const sizeMax = 1_000;
const sizeMin = 800;
/** So many events may be added before the page is read, and the wanted one is still on it. */
const shiftMax = 20;

/** A page of a list, counted from 1. */
export interface ChosenPage {
  readonly page: number;
  readonly size: number;
}

/**
 * The page with the entry that has `newer` entries before it, and with as many of those as can be. Pages of one size would have it
 * anywhere: of the sizes from `sizeMin` to `sizeMax` the best one is taken.
 */
export function choosePage(newer: number): ChosenPage {
  let best = { page: 1, size: sizeMax, before: -1 };
  for (let size = sizeMax; size >= sizeMin; size -= 1) {
    const before = newer % size;
    if (before < size - shiftMax && before > best.before) best = { page: Math.floor(newer / size) + 1, size, before };
  }
  return { page: best.page, size: best.size };
}
