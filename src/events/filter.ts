/** Which events are wanted. What is left out does not matter; everything else must hold. Times are in microseconds. */
export interface EventFilter {
  /** Any of these. */
  readonly levels: readonly number[];
  /** Any of these as the acting user's name, as it was then; null stands for nobody. */
  readonly usernames?: readonly (string | null)[];
  readonly userId?: number;
  readonly type?: string;
  readonly action?: string;
  readonly outcome?: string;
  readonly source?: string;
  readonly ip?: string;
  readonly node?: string;
  readonly target?: string;
  readonly traceId?: string;
  /** Recorded at this time or later. */
  readonly since?: number;
  /** Recorded before this time. */
  readonly until?: number;
}

/** Which part of the matching events: the newest, the newest before an id, or the oldest after one. */
export type EventWindow =
  | { readonly kind: "newest" }
  | { readonly kind: "before"; readonly id: number }
  | { readonly kind: "after"; readonly id: number };

/** A filter with the ids between which its times lie. */
export interface BoundedFilter extends EventFilter {
  /** Only ids from this one on. */
  readonly idFrom?: number;
  /** Only ids below this one. */
  readonly idBelow?: number;
}
