import { closeSync, fstatSync, openSync, readdirSync, readFileSync, readSync } from "node:fs";
import path from "node:path";
import { Refusal } from "../../refusal.ts";
import { Unreadable } from "../../verifiable-log/unreadable.ts";
import { readTar } from "./tar.ts";

/** A bundle that somebody has got. */
export interface BundleSource extends Disposable {
  /** The names of its files. */
  readonly files: readonly string[];
  /** Refuses with `invalid` a file that isn't there. */
  read(name: string): string;
}

/** The bundle in a folder, or in an archive as servers give it. Refuses with `invalid` what can't be read. */
export function openBundle(place: string): BundleSource {
  const file = orRefusal(place, () => openSync(place, "r"));
  try {
    if (!fstatSync(file).isDirectory()) return inArchive(place, file);
  } catch (error) {
    closeSync(file);
    throw error;
  }
  closeSync(file);
  return inFolder(place);
}

function inFolder(folder: string): BundleSource {
  return {
    files: orRefusal(folder, () =>
      readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name) => name.split(path.sep).join("/")),
    ),
    read(name) {
      const file = path.join(folder, name);
      return orRefusal(file, () => readFileSync(file, "utf8"));
    },
    [Symbol.dispose]() {},
  };
}

function inArchive(archive: string, file: number): BundleSource {
  const readAt = (start: number, length: number): Buffer => {
    const bytes = Buffer.alloc(length);
    return bytes.subarray(0, readSync(file, bytes, 0, length, start));
  };
  const found = orRefusal(archive, () => readTar(readAt));
  return {
    files: [...found.keys()],
    read(name) {
      const { start, size } = found.get(name) ?? missing(`${archive}: ${name}`);
      return orRefusal(archive, () => readAt(start, size).toString("utf8"));
    },
    [Symbol.dispose]: () => closeSync(file),
  };
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
