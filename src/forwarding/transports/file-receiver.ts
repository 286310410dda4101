import { constants } from "node:fs";
import { type FileHandle, open, readdir, stat, unlink } from "node:fs/promises";
import path from "node:path";
import type { PlainEvent } from "../../database/event-columns.ts";
import { findErrorCode } from "../../terminal/exit.ts";
import type { Receiver } from "./receiver.ts";

export interface FileOptions {
  /** An absolute path. It must exist: what creates it decides who may read there. */
  readonly folder: string;
  /** The beginning of the files' names, of letters, digits, `_` and `-`. */
  readonly name: string;
  /** A file ends with the batch that makes it longer. */
  readonly bytesMax?: number;
  /** A file ends before the first batch that comes later. */
  readonly ageMsMax?: number;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

const eventsMax = 1_000;
const defaultBytesMax = 100 * 1024 * 1024;
const defaultAgeMsMax = 24 * 60 * 60 * 1_000;
/** Its user writes; its group, such as a shipper's, reads. */
const mode = 0o640;

/**
 * Files of JSON Lines for a shipper to follow: `NAME-TIME.jsonl` in a folder, which sort by name as they were begun. A file is never
 * renamed, so that whoever follows it by name or by inode sees the same. Events are on the disk when `deliver` returns.
 *
 * Each receiver begins a file of its own and writes to no other: two servers may share a folder. A crash leaves at most a line
 * without its end, which stays; its event comes again in the next file. Another program may move or delete files: the next
 * delivery begins another.
 */
export function fileReceiver(options: FileOptions, line: (event: PlainEvent) => Buffer): Receiver {
  const { folder, bytesMax = defaultBytesMax, ageMsMax = defaultAgeMsMax, now = Date.now } = options;
  if (!path.isAbsolute(folder)) throw new Error(`${folder} is no absolute path: give one that begins with /.`);
  if (!/^[\w-]+$/.test(options.name)) throw new Error(`${options.name} can't begin a file's name.`);
  let current: OpenFile | undefined;

  const close = async (): Promise<void> => {
    const closing = current;
    current = undefined;
    if (closing !== undefined) await end(closing);
  };

  /** The file to write to next. */
  const ready = async (): Promise<OpenFile> => {
    if (current !== undefined && !(await isStillThere(current))) await close();
    if (current !== undefined) {
      const isFull = (await current.handle.stat()).size >= bytesMax;
      if (!isFull && now() - current.begun < ageMsMax) return current;
    }
    await close();
    current = await begin(options, now());
    return current;
  };

  return {
    batchMax: eventsMax,
    async deliver(events, signal) {
      signal.throwIfAborted();
      try {
        const { handle } = await ready();
        await append(handle, Buffer.concat(events.flatMap((event) => [line(event), newline])), close);
      } catch (error) {
        throw new Error(sentence(error, folder), { cause: error });
      }
      return { taken: events.length, refused: [] };
    },
    [Symbol.asyncDispose]: close,
  };
}

const newline = Buffer.from("\n");
const suffix = ".jsonl";
/** A file that is there is another's. */
const flags = constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | constants.O_EXCL;
/** So many servers don't begin a file in the same millisecond. */
const triesMax = 100;

interface OpenFile {
  readonly file: string;
  readonly handle: FileHandle;
  /** Milliseconds since 1970. */
  readonly begun: number;
}

/** Begins a file that sorts behind all others of its name, also where the clock was set back. */
async function begin(options: FileOptions, now: number): Promise<OpenFile> {
  for (let tries = 1; ; tries++) {
    const begun = Math.max(now, (await newestIn(options)) + 1);
    try {
      return await create(options, begun);
    } catch (error) {
      // Another server was faster.
      if (findErrorCode(error) !== "EEXIST" || tries === triesMax) throw error;
    }
  }
}

/** When the newest file of that name was begun; 0 where there is none. */
async function newestIn({ folder, name }: FileOptions): Promise<number> {
  const begun = (await readdir(folder)).map((file) => begunIn(file, name)).filter((ms) => !Number.isNaN(ms));
  return begun.reduce((a, b) => Math.max(a, b), 0);
}

async function create({ folder, name }: FileOptions, begun: number): Promise<OpenFile> {
  const file = path.join(folder, `${name}-${shownTime(begun)}${suffix}`);
  const handle = await open(file, flags, mode);
  const opened = { file, handle, begun };
  try {
    // Whatever the process's umask takes away.
    await handle.chmod(mode);
    await using directory = await open(folder, constants.O_RDONLY);
    await directory.sync();
  } catch (error) {
    await end(opened).catch(() => undefined);
    throw error;
  }
  return opened;
}

/** Closes a file, and deletes it where nothing was written: a full disk would leave one with each attempt. */
async function end(opened: OpenFile): Promise<void> {
  await using handle = opened.handle;
  const isEmpty = (await handle.stat()).size === 0;
  if (isEmpty && (await isStillThere(opened))) await unlink(opened.file);
}

/** `20261130T125000123Z`. */
function shownTime(ms: number): string {
  return new Date(ms).toISOString().replaceAll(/[-:.]/g, "");
}

/** When a file of that name was begun; NaN where it is another's. */
function begunIn(file: string, name: string): number {
  if (!file.startsWith(`${name}-`) || !file.endsWith(suffix)) return Number.NaN;
  const time = file.slice(name.length + 1, -suffix.length);
  const [, ...parts] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z$/.exec(time) ?? [];
  const [year, month, day, hour, minute, second, ms] = parts;
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${ms}Z`);
}

/** Whether the file still has its name, and the name its file. */
async function isStillThere({ file, handle }: OpenFile): Promise<boolean> {
  try {
    const [named, opened] = await Promise.all([stat(file), handle.stat()]);
    return named.ino === opened.ino && named.dev === opened.dev;
  } catch (error) {
    if (findErrorCode(error) === "ENOENT") return false;
    throw error;
  }
}

/** Writes all, and returns when it is on the disk. */
async function append(handle: FileHandle, bytes: Buffer, close: () => Promise<void>): Promise<void> {
  const { size } = await handle.stat();
  try {
    for (let at = 0; at < bytes.length;) at += (await handle.write(bytes, at)).bytesWritten;
    await handle.sync();
  } catch (error) {
    // So that what a full disk cut isn't read as a line; where this fails too, nothing may come behind it.
    await takeBack(handle, size).catch(close);
    throw error;
  }
}

async function takeBack(handle: FileHandle, size: number): Promise<void> {
  // Another program may have emptied the file: longer it must not become.
  if ((await handle.stat()).size > size) await handle.truncate(size);
}

function sentence(error: unknown, folder: string): string {
  const code = findErrorCode(error) ?? "";
  if (code === "ENOENT" || code === "ENOTDIR") {
    return `${folder} is no folder: create it, and let the user that Ironlog runs as write there.`;
  }
  if (code === "EACCES" || code === "EPERM") {
    return `The user that Ironlog runs as can't write to ${folder}: give it the right to.`;
  }
  if (code === "ENOSPC" || code === "EDQUOT") return `There is no room left in ${folder}: make room there.`;
  if (code === "EROFS") return `${folder} is on a read-only file system: give another folder.`;
  return `Writing to ${folder} failed: ${error instanceof Error ? error.message : String(error)}.`;
}
