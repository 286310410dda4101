import { findLevel } from "../../events/filter/level.ts";
import type { MaasEvent } from "../recording/mirrored-event.ts";

/** What a MAAS shows above an id. */
export interface ShownPage {
  /** In the order of their ids: all that it shows up to the last of them. */
  readonly rows: readonly MaasEvent[];
  /** True if it shows nothing beyond them. */
  readonly isLast: boolean;
}

/** The newest event that a MAAS shows. */
export interface NewestShown {
  readonly id: number;
  /** Microseconds. */
  readonly created: number;
}

/** Reads the events that an API of a MAAS shows. Each call throws where that can't be done. */
export interface EventReader {
  /** What its times are told in, in microseconds. */
  readonly precision: number;
  /** Events above that id, oldest first, as many as one answer has. */
  readAfter(id: number, signal: AbortSignal): Promise<ShownPage>;
  /** Undefined where it shows none. */
  newest(): Promise<NewestShown | undefined>;
  /** Whether the API would still show that event of its own if it were there: false where it may be hidden. */
  wouldShow(event: { readonly level: number; readonly node: string | null }): Promise<boolean>;
}

/** What an API leaves out is null or empty. */
export const untold = { action: "", userId: null, ip: null, userAgent: "", endpoint: null } as const;

/** MAAS shows this name where nobody acted, and as a host's where there is none. */
const unknown = "unknown";

/** A name as MAAS shows it; empty where there is none. */
export function shownName(name: unknown): string {
  return typeof name !== "string" || name === unknown ? "" : name;
}

/** The number of a level. */
export function levelOf(name: unknown): number {
  const level = typeof name === "string" ? findLevel(name) : undefined;
  if (level === undefined) throw new Error("that MAAS shows an event of an unknown level");
  return level;
}

/** A field of an event that must be there. */
export function textOf(event: Readonly<Record<string, unknown>>, field: string): string {
  const text = event[field];
  if (typeof text === "string") return text;
  throw new Error(`that MAAS shows an event without ${field}`);
}

/** The id of an event. */
export function shownId(event: Readonly<Record<string, unknown>>): number {
  const { id } = event;
  if (typeof id === "number" && Number.isSafeInteger(id) && id > 0) return id;
  throw new Error("that MAAS shows an event without an id");
}

/** The objects in a list of an answer. */
export function objectsIn(list: unknown): readonly Readonly<Record<string, unknown>>[] {
  if (!Array.isArray(list)) throw new Error("that MAAS answers without a list of events");
  return list.map((item: unknown) => {
    if (typeof item === "object" && item !== null) return item as Readonly<Record<string, unknown>>;
    throw new Error("that MAAS shows something that is no event");
  });
}
