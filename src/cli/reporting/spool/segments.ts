import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { crc32 } from "node:zlib";
import type { Reported } from "../reported.ts";

// What was taken and isn't delivered yet, in files that are only appended to. Each line is a checksum and a record: after
// a crash of the machine, the end of the last file may be anything.

/** What was taken at once: an event, a place in the journal, or both. */
export interface SpoolRecord {
  /** Undefined where what was read up to the cursor holds no event. */
  readonly report?: Reported;
  /** The journal's place behind it. */
  readonly cursor?: string;
  /** A line of the spool that isn't as it was written. */
  readonly damaged?: string;
}

/** The names of the segments, oldest first. */
export function listSegments(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => /^taken-\d{12}\.log$/.test(name))
    .toSorted();
}

export function segmentName(number: number): string {
  return `taken-${String(number).padStart(12, "0")}.log`;
}

export function segmentNumber(name: string): number {
  return Number(name.slice("taken-".length, -".log".length));
}

export function renderRecord(record: SpoolRecord): Buffer {
  const json = JSON.stringify(record);
  return Buffer.from(`${checksum(json)} ${json}\n`);
}

/** The record of a line without its end; undefined where it isn't as it was written. */
export function parseRecord(line: Buffer): SpoolRecord | undefined {
  const text = line.toString("utf8");
  const json = text.slice(checksumLength + 1);
  if (text.slice(0, checksumLength) !== checksum(json)) return undefined;
  return JSON.parse(json) as SpoolRecord;
}

const checksumLength = 8;

function checksum(json: string): string {
  return crc32(json).toString(16).padStart(checksumLength, "0");
}

/** Where a segment's last whole line ends, its size, and the cursor behind its whole records from an offset on. */
export function lookThrough(
  folder: string,
  name: string,
  from: number,
): { readonly end: number; readonly size: number; readonly cursor: string | undefined } {
  const bytes = readFileSync(path.join(folder, name));
  let end = Math.min(from, bytes.length);
  let cursor: string | undefined;
  let isWhole = true;
  for (;;) {
    const newline = bytes.indexOf(newlineByte, end);
    if (newline < 0) return { end, size: bytes.length, cursor };
    const record = parseRecord(bytes.subarray(end, newline));
    // Behind one that is damaged the journal is read again, and what comes twice has the same key.
    isWhole &&= record !== undefined;
    if (isWhole) cursor = record?.cursor ?? cursor;
    end = newline + 1;
  }
}

export const newlineByte = 0x0a;
