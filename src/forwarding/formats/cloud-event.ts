import type { PlainEvent } from "../../database/event-columns.ts";
import { rfc3339Micros } from "../../time.ts";
import { type EventParts, eventParts } from "./event-parts.ts";
import type { LogFacts } from "./log-facts.ts";
import { type CutRecord, fitRecord, type NativeRecord, recordOf } from "./native-json.ts";
import { cutText, octetsOf } from "./line-text.ts";

/** What each intermediary must pass on (CloudEvents 1.0, "Size Limits"). */
const cloudEventOctetsMax = 65_536;

/** An event of CloudEvents 1.0, in structured mode. */
export interface CloudEvent {
  readonly specversion: "1.0";
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly subject?: string;
  readonly time: string;
  readonly datacontenttype: "application/json";
  /** Text, since a number has 32 bits in CloudEvents. */
  readonly treeindex: string;
  readonly leafhash: string;
  readonly data: NativeRecord | CutRecord;
}

/** An event in an envelope of CloudEvents, in JSON of 64 KiB at most: what is longer is cut, and says so. */
export function cloudEvent(row: PlainEvent, facts: LogFacts): CloudEvent {
  const parts = eventParts(row, facts);
  const { event } = parts;
  const subject = subjectOf(parts);
  const envelope = {
    specversion: "1.0",
    id: parts.id,
    source: sourceUri(parts.origin),
    type: `com.ironlog.${cutText(event.action, namesOctetsMax)}`,
    ...(subject !== undefined && subject.length <= namesOctetsMax && { subject }),
    time: rfc3339Micros(parts.time),
    datacontenttype: "application/json",
    treeindex: String(parts.treeIndex),
    leafhash: parts.leafHash,
  } as const;
  const room = cloudEventOctetsMax - octetsOf(JSON.stringify({ ...envelope, data: 0 }));
  return { ...envelope, data: fitRecord(recordOf(parts), room) };
}

/** These are no place for long text, and the data has them too. */
const namesOctetsMax = 1024;

function subjectOf({ event }: EventParts): string | undefined {
  const parts = [event.target_kind, event.target_id ?? event.target_name];
  const named = parts.filter((part) => part !== null);
  return named.length < 2 ? undefined : named.map(encodeURIComponent).join("/");
}

/** An origin as a relative reference (RFC 3986, section 4.2): a colon in it would make its beginning a scheme. */
function sourceUri(origin: string): string {
  const path = origin.split("/").map(encodeURIComponent).join("/");
  return path === "" ? "/" : path;
}
