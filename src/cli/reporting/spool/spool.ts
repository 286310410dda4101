import {
  closeSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
  truncateSync,
  writeSync,
} from "node:fs";
import path from "node:path";
import { syncPath, writeWhole } from "../../../terminal/whole-file.ts";
import {
  listSegments,
  lookThrough,
  newlineByte,
  parseRecord,
  renderRecord,
  segmentName,
  segmentNumber,
  type SpoolRecord,
} from "./segments.ts";
import { isFullDisk } from "./full-disk.ts";
import { takeSpoolFolder } from "./spool-folder.ts";

/** A new file is begun when one has so many bytes: a file goes when all of it was delivered. */
const segmentBytesMax = 4 * 1024 * 1024;
/** Below what a request may have, which is 4 MiB. */
const batchBytesMax = 2 * 1024 * 1024;
/** As many as the server takes in one request. */
const batchMax = 1_000;

/** A record that waits, and how many bytes of its segment it is. */
export interface Waiting {
  readonly record: SpoolRecord;
  readonly length: number;
}

/** Where delivery goes on, and which place of the journal belongs to it. */
interface Place {
  readonly segment: number;
  readonly offset: number;
  readonly cursor: string | null;
}

const noPlace: Place = { segment: 0, offset: 0, cursor: null };

/**
 * A folder of one process, in which waits what was taken and isn't delivered yet. What `append` has returned from is on
 * disk. It works without pauses of its own, so that nothing comes between its steps.
 */
export class Spool implements Disposable {
  readonly folder: string;
  readonly #lock: Disposable;
  readonly #bytesMax: number;
  /** The sizes of the segments, oldest first. */
  readonly #sizes = new Map<number, number>();
  #last: { readonly number: number; readonly descriptor: number } | undefined;
  #place: Place;
  #cursor: string | undefined;

  /** Takes the folder, and mends what a crash has left in it. Refuses one that another process has. */
  constructor(folder: string, bytesMax: number) {
    this.folder = folder;
    this.#bytesMax = bytesMax;
    this.#lock = takeSpoolFolder(folder);
    this.#place = readPlace(folder);
    this.#cursor = this.#place.cursor ?? undefined;
    for (const name of listSegments(folder)) this.#takeOver(name);
  }

  /** The journal's place behind everything that was taken. */
  get cursor(): string | undefined {
    return this.#cursor;
  }

  get isEmpty(): boolean {
    return [...this.#sizes].every(([number, size]) => this.#place.segment === number && this.#place.offset >= size);
  }

  /** Whether nothing more may be taken until something was delivered, or `refused.jsonl` was moved away. */
  get isFull(): boolean {
    const taken = [...this.#sizes.values()].reduce((sum, size) => sum + size, 0);
    const refused = statSync(this.refusedFile, { throwIfNoEntry: false })?.size ?? 0;
    return taken + refused >= this.#bytesMax;
  }

  get refusedFile(): string {
    return path.join(this.folder, "refused.jsonl");
  }

  /** Keeps the records, on disk on return. Where that fails, none of them is kept, and the error is what the system says. */
  append(records: readonly SpoolRecord[]): void {
    const { number, descriptor } = this.#segment();
    const size = this.#sizes.get(number) ?? 0;
    try {
      writeAll(descriptor, Buffer.concat(records.map(renderRecord)));
      fsyncSync(descriptor);
    } catch (error) {
      ftruncateSync(descriptor, size);
      throw error;
    }
    this.#sizes.set(number, fstatSync(descriptor).size);
    this.#cursor = records.findLast(({ cursor }) => cursor !== undefined)?.cursor ?? this.#cursor;
  }

  /** What is to be delivered next, oldest first; nothing where nothing waits. */
  next(): readonly Waiting[] {
    for (const [number, size] of this.#sizes) {
      const offset = number === this.#place.segment ? this.#place.offset : 0;
      if (offset >= size) continue;
      const length = Math.min(batchBytesMax, size - offset);
      const bytes = readBytes(path.join(this.folder, segmentName(number)), offset, length);
      this.#place = { ...this.#place, segment: number, offset };
      return parseWaiting(bytes);
    }
    return [];
  }

  /** Forgets the records that come next: they were delivered, or put aside. */
  advance(done: readonly Waiting[]): void {
    const { segment } = this.#place;
    const last = done.findLast(({ record }) => record.cursor !== undefined)?.record.cursor;
    const offset = this.#place.offset + done.reduce((sum, { length }) => sum + length, 0);
    this.#place = { segment, offset, cursor: last ?? this.#place.cursor };
    const isKept = this.#keepPlace();
    if (offset < (this.#sizes.get(segment) ?? 0)) return;
    this.#remove(segment);
    if (!isKept) this.#keepPlace();
  }

  /** Keeps for people what the server didn't take, with the reason, on disk on return. */
  putAside(refused: Readonly<Record<string, unknown>>): void {
    const descriptor = openSync(this.refusedFile, "a", 0o600);
    const { size } = fstatSync(descriptor);
    try {
      writeAll(descriptor, Buffer.from(`${JSON.stringify(refused)}\n`));
      fsyncSync(descriptor);
    } catch (error) {
      ftruncateSync(descriptor, size);
      throw error;
    } finally {
      closeSync(descriptor);
    }
  }

  [Symbol.dispose](): void {
    if (this.#last !== undefined) closeSync(this.#last.descriptor);
    this.#lock[Symbol.dispose]();
  }

  #takeOver(name: string): void {
    const number = segmentNumber(name);
    const from = number === this.#place.segment ? this.#place.offset : 0;
    const { end, size, cursor } = lookThrough(this.folder, name, from);
    // Half a line was never said to be kept: the journal is read again from the cursor before it.
    if (end < size) truncateSync(path.join(this.folder, name), end);
    this.#sizes.set(number, end);
    this.#cursor = cursor ?? this.#cursor;
    if (number < this.#place.segment || end <= from) this.#remove(number);
  }

  #segment(): { readonly number: number; readonly descriptor: number } {
    if (this.#last !== undefined && (this.#sizes.get(this.#last.number) ?? 0) < segmentBytesMax) return this.#last;
    if (this.#last !== undefined) closeSync(this.#last.descriptor);
    this.#last = undefined;
    const number = Math.max(this.#place.segment, ...this.#sizes.keys()) + 1;
    const descriptor = openSync(path.join(this.folder, segmentName(number)), "ax", 0o600);
    this.#sizes.set(number, 0);
    this.#last = { number, descriptor };
    syncPath(this.folder);
    return this.#last;
  }

  /** On a full disk delivery goes on without, since it makes room, and what is delivered again has the same key. */
  #keepPlace(): boolean {
    try {
      writeWhole(placeFile(this.folder), `${JSON.stringify(this.#place)}\n`, "replace");
      return true;
    } catch (error) {
      if (!isFullDisk(error)) throw error;
      return false;
    }
  }

  #remove(number: number): void {
    if (this.#last?.number === number) {
      closeSync(this.#last.descriptor);
      this.#last = undefined;
    }
    rmSync(path.join(this.folder, segmentName(number)), { force: true });
    this.#sizes.delete(number);
  }
}

function placeFile(folder: string): string {
  return path.join(folder, "place.json");
}

function readPlace(folder: string): Place {
  try {
    return JSON.parse(readFileSync(placeFile(folder), "utf8")) as Place;
  } catch {
    // Delivered again is harmless: each event has its key.
    return noPlace;
  }
}

function parseWaiting(bytes: Buffer): readonly Waiting[] {
  const waiting: Waiting[] = [];
  let start = 0;
  while (waiting.length < batchMax) {
    const newline = bytes.indexOf(newlineByte, start);
    if (newline < 0) break;
    const line = bytes.subarray(start, newline);
    waiting.push({ record: parseRecord(line) ?? { damaged: line.toString("utf8") }, length: newline + 1 - start });
    start = newline + 1;
  }
  return waiting;
}

function readBytes(file: string, offset: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  const descriptor = openSync(file, "r");
  try {
    return bytes.subarray(0, readSync(descriptor, bytes, 0, length, offset));
  } finally {
    closeSync(descriptor);
  }
}

/** A full disk takes a part of it without an error. */
function writeAll(descriptor: number, bytes: Buffer): void {
  for (let written = 0; written < bytes.length;) written += writeSync(descriptor, bytes, written);
}
