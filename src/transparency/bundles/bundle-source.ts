import { closeSync, constants, fstatSync, openSync, readdirSync, readSync } from "node:fs";
import path from "node:path";
import { Refusal } from "../../refusal.ts";
import { findErrorCode } from "../../terminal/exit.ts";
import { shellWord } from "../../terminal/shell/shell-word.ts";
import { Unreadable } from "../../verifiable-log/unreadable.ts";
import { bundleFiles, type CheckedBundle } from "../verification/bundle-check.ts";
import { readAt, type ReadInto, readLines, readText, type Section } from "./bounded-file.ts";
import { readTar } from "./tar.ts";

/** A bundle that somebody has got. */
export interface BundleSource extends CheckedBundle, Disposable {}

/** A pipe in the place of a file isn't waited for. */
const openFlags = constants.O_RDONLY | constants.O_NONBLOCK;

/** The bundle in a folder, or in an archive as servers give it. Refuses with `invalid` what can't be read. */
export function openBundle(place: string): BundleSource {
  const file = orRefusal(place, () => openSync(place, openFlags));
  try {
    const found = fstatSync(file);
    if (found.isFile()) return inArchive(place, file);
    if (!found.isDirectory()) throw new Refusal("invalid", `${place} is neither a folder nor an ordinary file`);
  } catch (error) {
    closeSync(file);
    throw error;
  }
  closeSync(file);
  return inFolder(place);
}

function inFolder(folder: string): BundleSource {
  return {
    files: orRefusal(folder, () => [...filesBelow(folder, "")]),
    read(name) {
      using section = openSection(path.join(folder, name));
      return readText(section);
    },
    *lines(name) {
      using section = openSection(path.join(folder, name));
      yield* readLines(section);
    },
    [Symbol.dispose]() {},
  };
}

/** The names of all that is no folder. What a link leads to isn't in the bundle, and may be the bundle again. */
function* filesBelow(folder: string, below: string): Generator<string, void, undefined> {
  for (const entry of readdirSync(path.join(folder, below), { withFileTypes: true })) {
    const name = `${below}${entry.name}`;
    if (entry.isDirectory()) yield* filesBelow(folder, `${name}/`);
    else yield name;
  }
}

/** A file as a whole. Throws Unreadable where it is there and can't be read. */
function openSection(name: string): Section & Disposable {
  let file: number;
  try {
    file = openSync(name, openFlags);
  } catch (error) {
    if (findErrorCode(error) === "ENOENT") missing(name);
    throw new Unreadable(error instanceof Error ? error.message : String(error), { cause: error });
  }
  const found = fstatSync(file);
  const close = (): void => closeSync(file);
  if (!found.isFile()) {
    close();
    throw new Unreadable("it is no ordinary file");
  }
  return { read: readerOf(file), start: 0, size: found.size, [Symbol.dispose]: close };
}

function inArchive(archive: string, file: number): BundleSource {
  const read = readerOf(file);
  const all = orRefusal(archive, () => readTar((start, length) => readAt(read, start, length)));
  const found = orRefusal(archive, () => inOneFolder(all));
  const section = (name: string): Section => {
    const { start, size } = found.get(name) ?? missing(`${archive}: ${name}`);
    return { read, start, size };
  };
  return {
    files: [...found.keys()],
    read: (name) => readText(section(name)),
    *lines(name) {
      yield* readLines(section(name));
    },
    [Symbol.dispose]: () => closeSync(file),
  };
}

/** The files by their names in the folder that they are all in; somebody may have packed them without it. */
function inOneFolder<File>(files: ReadonlyMap<string, File>): ReadonlyMap<string, File> {
  if (files.has(bundleFiles.checkpoint)) return files;
  const checkpoint = [...files.keys()].find((name) => name.endsWith(`/${bundleFiles.checkpoint}`)) ?? "";
  const folder = checkpoint.slice(0, checkpoint.lastIndexOf("/") + 1);
  const outside = [...files.keys()].find((name) => !name.startsWith(folder));
  if (outside !== undefined)
    throw new Unreadable(`the archive holds a file outside of its folder: ${shellWord(outside)}`);
  return new Map([...files].map(([name, file]) => [name.slice(folder.length), file]));
}

function readerOf(file: number): ReadInto {
  return (buffer, position) => readSync(file, buffer, 0, buffer.length, position);
}

function missing(name: string): never {
  throw new Refusal("invalid", `cannot read ${name} (it is not there)`);
}

function orRefusal<Result>(place: string, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const what =
      error instanceof Unreadable ? `${place} cannot be read: ${reason}` : `cannot read ${place} (${reason})`;
    throw new Refusal("invalid", what, { cause: error });
  }
}
