import { Unreadable } from "../../verifiable-log/unreadable.ts";

// Files of others, of any length: what is held of them in memory has a bound.

/** Fills the buffer with what stands at that place, or with a part of it, and says how many bytes that was: 0 at the end alone. */
export type ReadInto = (buffer: Buffer, position: number) => number;

/** A part of an open file. */
export interface Section {
  readonly read: ReadInto;
  readonly start: number;
  readonly size: number;
}

/** Many times what an event or a proof can have: texts and details of events have limits. */
export const heldBytesMax = 4 * 1024 * 1024;
const blockBytes = 64 * 1024;

/** What stands there, less than asked for at the end only: a system may give less at any time. */
export function readAt(read: ReadInto, start: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  let got = 0;
  while (got < length) {
    const more = read(bytes.subarray(got), start + got);
    if (more === 0) break;
    got += more;
  }
  return bytes.subarray(0, got);
}

/** All of it as text. Throws Unreadable for what is too long, ends too soon or isn't UTF-8. */
export function readText({ read, start, size }: Section): string {
  if (size > heldBytesMax) throw new Unreadable(`it has more than ${heldBytesMax} bytes`);
  return decode(sectionBytes(read, start, size));
}

/** Its lines, without their ends. Throws Unreadable as `readText` does, for a line that is too long. */
export function* readLines({ read, start, size }: Section): Generator<string, void, undefined> {
  let held: Buffer = Buffer.alloc(0);
  for (let at = 0; at < size; at += blockBytes) {
    const block = sectionBytes(read, start + at, Math.min(blockBytes, size - at));
    let from = 0;
    for (let end = block.indexOf("\n"); end >= 0; end = block.indexOf("\n", from)) {
      yield decode(Buffer.concat([held, block.subarray(from, end)]));
      held = Buffer.alloc(0);
      from = end + 1;
    }
    held = Buffer.concat([held, block.subarray(from)]);
    if (held.length > heldBytesMax) throw new Unreadable(`a line of it has more than ${heldBytesMax} bytes`);
  }
  if (held.length > 0) yield decode(held);
}

function sectionBytes(read: ReadInto, start: number, length: number): Buffer {
  const bytes = readAt(read, start, length);
  if (bytes.length < length) throw new Unreadable("it ends too soon: get it again");
  return bytes;
}

/** Other bytes are never the same text, and a mark at the beginning isn't dropped. */
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function decode(bytes: Buffer): string {
  try {
    return utf8.decode(bytes);
  } catch (error) {
    throw new Unreadable("it is no text in UTF-8", { cause: error });
  }
}
