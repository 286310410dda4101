import { shellWord } from "../../terminal/shell/shell-word.ts";
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

/**
 * The files of an archive by name. `readAt` gives less than was asked for at the end only. Throws Unreadable for what is no whole
 * archive, and for a name that would leave the folder in which somebody unpacks it.
 */
export function readTar(readAt: (start: number, length: number) => Buffer): ReadonlyMap<string, TarredFile> {
  const files = new Map<string, TarredFile>();
  let longSize: number | undefined;
  for (let at = 0; ;) {
    const header = readAt(at, blockBytes);
    if (header.length < blockBytes) throw tooShort();
    if (isZero(header)) {
      refuseMore(readAt, at + blockBytes);
      return files;
    }
    const { name, size: shortSize, type } = parseHeader(header);
    const start = at + blockBytes;
    let size = shortSize;
    if (type === "x") {
      longSize = parseLongSize(size > blockBytes ? "" : readAt(start, size).toString("latin1"));
    } else {
      const inside = insideName(name);
      if (type === "0") {
        size = longSize ?? shortSize;
        if (files.has(inside)) throw new Unreadable(`the archive holds ${shellWord(inside)} twice`);
        files.set(inside, { start, size });
      } else if (type !== "5") {
        throw new Unreadable(`the archive holds something that is no file: ${shellWord(inside)}`);
      }
      longSize = undefined;
    }
    at = start + Math.ceil(size / blockBytes) * blockBytes;
    if (!Number.isSafeInteger(at)) throw new Unreadable("the archive has a length that is none");
  }
}

/** Two blocks of zeros end an archive, and more of them may follow. */
function refuseMore(readAt: (start: number, length: number) => Buffer, end: number): void {
  const stepBytes = 64 * 1024;
  for (let at = end; ; at += stepBytes) {
    const rest = readAt(at, stepBytes);
    if (at === end && rest.length < blockBytes) throw tooShort();
    if (!isZero(rest)) throw new Unreadable("something stands behind the archive's end");
    if (rest.length < stepBytes) return;
  }
}

function parseHeader(header: Buffer): { readonly name: string; readonly size: number; readonly type: string } {
  const field = (from: number, length: number): string => {
    const text = header.toString("utf8", from, from + length);
    return text.slice(0, text.includes("\0") ? text.indexOf("\0") : length);
  };
  const summed = Buffer.from(header).fill(" ", 148, 156);
  if (parseOctal(field(148, 8)) !== sumOf(summed)) {
    throw new Unreadable("it is no tar archive, or was changed on its way: get it again");
  }
  const size = parseOctal(field(124, 12));
  if (size === undefined) throw anotherForm();
  // POSIX has the beginning of a long name here; GNU has something else.
  const before = header.toString("latin1", 257, 263) === "ustar\0" ? field(345, 155) : "";
  return { name: `${before === "" ? "" : `${before}/`}${field(0, 100)}`, size, type: field(156, 1) };
}

function parseOctal(text: string): number | undefined {
  return /^ *[0-7]+ *$/.test(text) ? Number.parseInt(text, 8) : undefined;
}

/** The one pax record that an archive of Ironlog has. */
function parseLongSize(records: string): number {
  const size = /^\d+ size=(\d+)\n$/.exec(records)?.[1];
  if (size === undefined || paxRecord("size", size) !== records) throw anotherForm();
  return Number(size);
}

/** The name without what means nothing in it, as programs that pack a folder again write it. */
function insideName(name: string): string {
  const parts = name.replace(/\/$/, "").split("/");
  if (parts.includes("..") || (parts[0] === "" && name !== "")) {
    throw new Unreadable(`the archive holds a file outside of its folder: ${shellWord(name)}`);
  }
  return parts.filter((part) => part !== "." && part !== "").join("/");
}

function isZero(bytes: Buffer): boolean {
  return bytes.every((byte) => byte === 0);
}

function tooShort(): Unreadable {
  return new Unreadable("the archive ends too soon: get it again");
}

function anotherForm(): Unreadable {
  return new Unreadable(
    "another program has packed the archive anew, in another form: unpack it, and check its folder",
  );
}
