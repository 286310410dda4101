import type { NodeFilter } from "../nodes/node-filter.ts";

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
  /** About any of these nodes, by system id. */
  readonly nodes?: readonly string[];
  /** Recorded with one of these hostnames, or about a node that bears one of them today. */
  readonly hostnames?: readonly string[];
  /** About a node that is there today and matches. */
  readonly inventory?: NodeFilter;
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

/** A filter narrowed to what somebody may see. */
export interface VisibleFilter extends EventFilter {
  /** Audit events of this user id, and events of other levels about nodes that this user may see. */
  readonly seenBy?: number;
}

/** A filter whose nodes were looked up. */
export interface ResolvedFilter extends Omit<VisibleFilter, "hostnames"> {
  readonly hosts?: { readonly hostnames: readonly string[]; readonly systemIds: readonly string[] };
}

/** A filter with the ids between which its times lie. */
export interface BoundedFilter extends ResolvedFilter {
  /** Only ids from this one on. */
  readonly idFrom?: number;
  /** Only ids below this one. */
  readonly idBelow?: number;
}
