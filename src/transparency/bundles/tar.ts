import { Unreadable } from "../../verifiable-log/unreadable.ts";

// Tar as POSIX has it (ustar, with pax records for files that are too long for it): text alone, each file behind its length.

const blockBytes = 512;
/** The longest file that a ustar header can describe. */
const plainBytesMax = 8 ** 11 - 1;

/** A file whose length is known before its content. Its chunks are taken before the next file is asked for. */
export interface SizedFile {
  readonly name: string;
  /** Bytes of its content as UTF-8. */
  readonly size: number;
  readonly chunks: Iterable<string> | AsyncIterable<string>;
}

/** The files as one archive, below a folder of that name. Throws where a content has another length than was said. */
export async function* tarOf(
  files: AsyncIterable<SizedFile>,
  folder: string,
  seconds: number,
): AsyncGenerator<string, void, undefined> {
  for await (const { name, size, chunks } of files) {
    yield tarHeader({ name: `${folder}/${name}`, size, seconds });
    let written = 0;
    for await (const chunk of chunks) {
      written += Buffer.byteLength(chunk);
      yield chunk;
    }
    if (written !== size) throw new Error(`${name} has ${written} bytes and not ${size}: it changed while it was read`);
    yield padding(size);
  }
  yield "\0".repeat(2 * blockBytes);
}

/** What stands before a file: one block, or three where it is longer than ustar can say. */
export function tarHeader({ name, size, seconds }: { name: string; size: number; seconds: number }): string {
  if (size <= plainBytesMax) return block(name, size, seconds, "0");
  const record = paxRecord("size", String(size));
  return block(name, record.length, seconds, "x") + record + padding(record.length) + block(name, 0, seconds, "0");
}

/** `LENGTH NAME=VALUE`, where the length counts itself. */
function paxRecord(name: string, value: string): string {
  const rest = ` ${name}=${value}\n`;
  let length = rest.length;
  while (`${length}${rest}`.length !== length) length = `${length}${rest}`.length;
  return `${length}${rest}`;
}

function block(name: string, size: number, seconds: number, type: "0" | "x"): string {
  if (Buffer.byteLength(name) > 100) throw new Error(`a name in an archive has 100 bytes at most: ${name}`);
  const [before, after] = [
    name.padEnd(100, "\0") + octal(0o600, 8) + octal(0, 8) + octal(0, 8) + octal(size, 12) + octal(seconds, 12),
    `${type}${"\0".repeat(100)}ustar\x0000`.padEnd(blockBytes - 156, "\0"),
  ];
  const sum = sumOf(Buffer.from(`${before}${" ".repeat(8)}${after}`, "latin1"));
  return `${before}${sum.toString(8).padStart(6, "0")}\0 ${after}`;
}

function octal(value: number, width: number): string {
  return `${value.toString(8).padStart(width - 1, "0")}\0`;
}

function padding(size: number): string {
  return "\0".repeat((blockBytes - (size % blockBytes)) % blockBytes);
}

function sumOf(header: Buffer): number {
  return header.reduce((sum, byte) => sum + byte, 0);
}

/** Where a file of an archive is. */
export interface TarredFile {
  readonly start: number;
  readonly size: number;
}

/** The files of an archive by name, without the folder that they are all in. Throws Unreadable for what is no whole archive. */
export function readTar(readAt: (start: number, length: number) => Buffer): ReadonlyMap<string, TarredFile> {
  const files = new Map<string, TarredFile>();
  let longSize: number | undefined;
  for (let at = 0; ;) {
    const header = readAt(at, blockBytes);
    if (header.length < blockBytes) throw new Unreadable("the archive ends too soon: get it again");
    if (header.every((byte) => byte === 0)) return files;
    const { name, size: shortSize, type } = parseHeader(header);
    const size = type === "x" ? shortSize : (longSize ?? shortSize);
    const start = at + blockBytes;
    if (type === "x") {
      longSize = Number(/^\d+ size=(\d+)\n$/.exec(readAt(start, size).toString("latin1"))?.[1]);
    } else if (type === "0") {
      const inFolder = name.slice(name.indexOf("/") + 1);
      if (files.has(inFolder)) throw new Unreadable(`the archive holds ${inFolder} twice`);
      files.set(inFolder, { start, size });
      longSize = undefined;
    } else if (type !== "5") {
      throw new Unreadable(`the archive holds something that is no file: ${name}`);
    }
    at = start + Math.ceil(size / blockBytes) * blockBytes;
    if (!Number.isSafeInteger(at)) throw new Unreadable("the archive has a length that is none");
  }
}

function parseHeader(header: Buffer): { readonly name: string; readonly size: number; readonly type: string } {
  const field = (from: number, length: number): string => {
    const text = header.toString("utf8", from, from + length);
    return text.slice(0, text.includes("\0") ? text.indexOf("\0") : length);
  };
  const summed = Buffer.from(header).fill(" ", 148, 156);
  if (Number.parseInt(field(148, 8), 8) !== sumOf(summed)) {
    throw new Unreadable("it is no tar archive, or was changed on its way: get it again");
  }
  return { name: field(0, 100), size: Number.parseInt(field(124, 12), 8), type: field(156, 1) };
}
