import type { PlainEvent } from "../../database/event-columns.ts";
import { type NativeEvent, nativeEvent } from "../../events/rendering/native-event.ts";
import { type EventParts, withWellFormedText } from "./event-parts.ts";
import type { LogFacts } from "./log-facts.ts";
import { cutText, octetsOf, lineText } from "./line-text.ts";

/** An event in the shape of the native API, with the log that it stands in. */
export interface NativeRecord extends NativeEvent {
  readonly log_origin: string;
}

export function nativeRecord(event: PlainEvent, facts: LogFacts): NativeRecord {
  return recordOf({ event: withWellFormedText(event), origin: facts.origin.toWellFormed() });
}

export function recordOf({ event, origin }: Pick<EventParts, "event" | "origin">): NativeRecord {
  return { ...nativeEvent(event), log_origin: origin };
}

/** A record of which texts were cut, or that says only which event it is. */
export type CutRecord = Partial<NativeRecord> &
  Pick<NativeRecord, "id" | "leaf_hash" | "log_origin" | "created" | "action" | "outcome"> & { readonly cut: true };

/**
 * The record if its JSON has at most so many octets, else what fits of it: first without details, then with ever shorter texts, at
 * last only what is needed to find the event in the log. `cut` says that something is missing.
 */
export function fitRecord(record: NativeRecord, octetsMax: number): NativeRecord | CutRecord {
  if (jsonOctets(record) <= octetsMax) return record;
  for (const textMax of [8192, 1024, 256, 64]) {
    const cut = cutRecord(record, textMax);
    if (jsonOctets(cut) <= octetsMax) return cut;
  }
  const { id, leaf_hash, created, outcome, log_origin } = record;
  const least = { id, leaf_hash, created, outcome, action: cutText(lineText(record.action), 32), cut: true } as const;
  const named = { ...least, log_origin };
  return jsonOctets(named) <= octetsMax ? named : { ...least, log_origin: cutText(log_origin, 32) };
}

function jsonOctets(value: object): number {
  return octetsOf(JSON.stringify(value));
}

function cutRecord(record: NativeRecord, textMax: number): CutRecord {
  const members = Object.entries(record)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => {
      const isWhole = name === "log_origin" || name === "leaf_hash" || typeof value !== "string";
      return [name, isWhole ? value : cutText(value, textMax)];
    });
  // The members are those of the record, their texts shorter.
  return { ...(Object.fromEntries(members) as NativeRecord), details: null, cut: true };
}
