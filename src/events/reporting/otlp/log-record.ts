import { Refusal } from "../../../refusal.ts";
import type { CanonicalValue } from "../../../verifiable-log/canonical-json.ts";

/** Attributes, each under its name. */
export type Attributes = { readonly [name: string]: CanonicalValue };

/** A record of OTLP with what it is a part of, from Protocol Buffers and from JSON alike. */
export interface LogRecord {
  readonly resource: Attributes;
  readonly scope: LogScope;
  /** Nanoseconds since 1970 UTC; 0 where it is not known. */
  readonly timeNanos: bigint;
  readonly observedNanos: bigint;
  /** 1 to 24; 0 where it is not known. */
  readonly severityNumber: number;
  readonly severityText: string;
  /** Null where there is none. */
  readonly body: CanonicalValue;
  readonly attributes: Attributes;
  readonly droppedAttributes: number;
  readonly flags: number;
  /** In hexadecimal digits; empty where there is none. */
  readonly traceId: string;
  readonly spanId: string;
  readonly eventName: string;
}

/** What made the record: a library, a module. */
export interface LogScope {
  readonly name: string;
  readonly version: string;
  readonly attributes: Attributes;
}

/** So deep values may be nested in values. */
export const valueNestingMax = 16;

/** Text as the log can hold it: well-formed, without NUL. One odd character must not cost a batch. */
export function cleanText(text: string): string {
  return text.toWellFormed().replaceAll("\0", "\ufffd");
}

/** A 64-bit number: as text where it is too large to be exact. */
export function wholeNumber(value: bigint): number | string {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : String(value);
}

/** A floating-point number as text: the log's numbers are whole. */
export function doubleText(value: number): string {
  return Object.is(value, -0) ? "0" : String(value);
}

/** In one request: more than a collector puts into a batch by default. */
const recordsMax = 10_000;

/** Refuses (`too_large`) a request of more records than can be looked at without keeping others waiting. */
export function refuseTooMany(count: number): void {
  if (count <= recordsMax) return;
  throw new Refusal("too_large", `Send at most ${recordsMax} log records in one request: these are ${count}.`);
}
