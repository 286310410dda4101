/** What tells which of two checkpoints of one log is the later. */
export interface Dated {
  readonly size: number;
  /** Microseconds. */
  readonly signed: number;
}

/** Of two sizes the larger one is the later, whatever a clock said that was set back meanwhile. */
export function isEarlier(one: Dated, other: Dated): boolean {
  return one.size < other.size || (one.size === other.size && one.signed < other.signed);
}
