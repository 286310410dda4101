import { constants } from "node:fs";
import { type FileHandle, open, readdir, stat } from "node:fs/promises";
import path from "node:path";
import type { EventTable } from "../../database/tables.ts";
import { findErrorCode } from "../../terminal/exit.ts";
import type { Receiver } from "./receiver.ts";

export interface FileOptions {
  /** An absolute path. It must exist: what creates it decides who may read there. */
  readonly folder: string;
  /** The beginning of the files' names, of letters, digits, `_` and `-`; no other destination writes there with the same. */
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
 * A crash leaves at most a line without its end, which the next delivery cuts off. Who takes files away or deletes them
 * is borne: the next delivery begins another.
 */
export function fileReceiver(options: FileOptions, line: (event: EventTable) => Buffer): Receiver {
  const { folder, bytesMax = defaultBytesMax, ageMsMax = defaultAgeMsMax, now = Date.now } = options;
  if (!path.isAbsolute(folder)) throw new Error(`${folder} is no absolute path: give one that begins with /.`);
  if (!/^[\w-]+$/.test(options.name)) throw new Error(`${options.name} can't begin a file's name.`);
  let current: OpenFile | undefined;

  const close = async (): Promise<void> => {
    const closing = current;
    current = undefined;
    await closing?.handle.close();
  };

  /** The file to write to next. */
  const ready = async (): Promise<OpenFile> => {
    if (current !== undefined && !(await isStillThere(current))) await close();
    current ??= await openNewest(options);
    if (current !== undefined) {
      const isFull = (await current.handle.stat()).size >= bytesMax;
      if (!isFull && now() - current.begun < ageMsMax) return current;
    }
    // A clock that was set back mustn't sort the new file before the old one.
    const begun = Math.max(now(), (current?.begun ?? 0) + 1);
    await close();
    current = await begin(options, begun);
    return current;
  };

  return {
    batchMax: eventsMax,
    async deliver(events, signal) {
      signal.throwIfAborted();
      try {
        const { handle } = await ready();
        await append(handle, Buffer.concat(events.flatMap((event) => [line(event), newline])));
      } catch (error) {
        await close().catch(() => undefined);
        throw new Error(sentence(error, folder), { cause: error });
      }
      return { taken: events.length, refused: [] };
    },
    [Symbol.asyncDispose]: close,
  };
}

const newline = Buffer.from("\n");
const suffix = ".jsonl";
/** Names of others aren't followed by a link. */
const flags = constants.O_RDWR | constants.O_APPEND | constants.O_NOFOLLOW;

interface OpenFile {
  readonly file: string;
  readonly handle: FileHandle;
  /** Milliseconds since 1970. */
  readonly begun: number;
}

/** Opens the newest file and cuts off a line without its end; undefined where there is no file. */
async function openNewest({ folder, name }: FileOptions): Promise<OpenFile | undefined> {
  const newest = (await readdir(folder))
    .flatMap((file) => ({ file, begun: begunIn(file, name) }))
    .filter(({ begun }) => !Number.isNaN(begun))
    .reduce<{ file: string; begun: number } | undefined>(
      (a, b) => (a === undefined || b.begun > a.begun ? b : a),
      undefined,
    );
  if (newest === undefined) return undefined;
  const file = path.join(folder, newest.file);
  const handle = await open(file, flags);
  try {
    await cutTornLine(handle);
  } catch (error) {
    await handle.close();
    throw error;
  }
  return { file, handle, begun: newest.begun };
}

async function begin({ folder, name }: FileOptions, begun: number): Promise<OpenFile> {
  const file = path.join(folder, `${name}-${shownTime(begun)}${suffix}`);
  const handle = await open(file, flags | constants.O_CREAT | constants.O_EXCL, mode);
  try {
    // Whatever the process's umask takes away.
    await handle.chmod(mode);
    await using directory = await open(folder, constants.O_RDONLY);
    await directory.sync();
  } catch (error) {
    await handle.close();
    throw error;
  }
  return { file, handle, begun };
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
async function append(handle: FileHandle, bytes: Buffer): Promise<void> {
  const { size } = await handle.stat();
  try {
    for (let at = 0; at < bytes.length;) at += (await handle.write(bytes, at)).bytesWritten;
    await handle.sync();
  } catch (error) {
    // So that what a full disk cut isn't read as a line; where this fails too, the next delivery does it.
    await takeBack(handle, size).catch(() => undefined);
    throw error;
  }
}

async function takeBack(handle: FileHandle, size: number): Promise<void> {
  // Another program may have emptied the file: longer it must not become.
  if ((await handle.stat()).size > size) await handle.truncate(size);
}

const blockBytes = 64 * 1024;

async function cutTornLine(handle: FileHandle): Promise<void> {
  const { size } = await handle.stat();
  const block = Buffer.alloc(blockBytes);
  for (let end = size; end > 0;) {
    const start = Math.max(0, end - blockBytes);
    const { bytesRead } = await handle.read(block, 0, end - start, start);
    const last = block.subarray(0, bytesRead).lastIndexOf("\n");
    if (last >= 0) {
      const whole = start + last + 1;
      if (whole < size) await handle.truncate(whole);
      return;
    }
    end = start;
  }
  if (size > 0) await handle.truncate(0);
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
  if (code === "ELOOP") return `The newest file in ${folder} is a symbolic link, which isn't followed: remove it.`;
  return `Writing to ${folder} failed: ${error instanceof Error ? error.message : String(error)}.`;
}
