import { randomBytes } from "node:crypto";
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import path from "node:path";
import { exitStatus, findErrorCode } from "./exit.ts";
import { endingSignals } from "./signals.ts";

// A file or a folder has its name when it is whole, and not before. Until then it stands beside it under another name, and
// goes when its writing fails or a signal ends the process. SIGKILL leaves that other name, which no later try meets.

/** A file or a folder that is being written. Disposed before it is kept, it leaves nothing behind. */
export interface UnfinishedFile extends Disposable {
  /** Where it is until it is kept. */
  readonly path: string;
  /** Gives it its name, on disk on return. Throws what the system says, as where the name is taken by now. */
  keep(): void;
}

/** Whether what has the name already is in the way, or is replaced. */
export type Taken = "refuse" | "replace";

/** Begins a file, empty and for its owner alone. Throws what the system says where it can't be made or its name is taken. */
export function draftFile(file: string, taken: Taken): UnfinishedFile {
  return untilSignal(beginFile(file, taken));
}

/** Begins a folder, for its owner alone; its name must be free. */
export function draftFolder(folder: string): UnfinishedFile {
  // Without a slash at its end, which would put the draft inside.
  const plain = path.join(path.dirname(folder), path.basename(folder));
  refuseTaken(plain);
  const draft = draftPath(plain);
  mkdirSync(draft, { mode: 0o700 });
  return untilSignal({
    path: draft,
    keep() {
      syncPath(draft);
      refuseTaken(plain);
      renameSync(draft, plain);
      syncPath(path.dirname(plain));
    },
    [Symbol.dispose]: () => rmSync(draft, { recursive: true, force: true }),
  });
}

/** Writes a whole file for its owner alone, on disk on return. */
export function writeWhole(file: string, text: string, taken: Taken): void {
  using draft = beginFile(file, taken);
  writeFileSync(draft.path, text, { flag: "r+" });
  draft.keep();
}

function beginFile(file: string, taken: Taken): UnfinishedFile {
  if (taken === "refuse") refuseTaken(file);
  const draft = draftPath(file);
  closeSync(openSync(draft, "wx", 0o600));
  return {
    path: draft,
    keep() {
      syncPath(draft);
      if (taken === "replace") renameSync(draft, file);
      else placeAnew(draft, file);
      syncPath(path.dirname(file));
    },
    [Symbol.dispose]: () => rmSync(draft, { force: true }),
  };
}

/** What to do about a name that can't be had, by the code of the system's error. */
const mends: Readonly<Record<string, string>> = {
  EEXIST: "name one that isn't there yet",
  ENOENT: "make its folder first, or name another one",
  ENOTDIR: "name another folder, since this one is a file",
  EACCES: "name a folder that this user may write to",
  ENAMETOOLONG: "name a shorter one",
  ENOSPC: "make room, or name a folder with more",
};

/** Why a draft couldn't be made or kept, and the mend where there is one; without the name that a draft has. */
export function whyNotMade(error: unknown): string {
  const [reason = ""] = (error instanceof Error ? error.message : String(error)).split(", ");
  const mend = mends[reason.split(":")[0] ?? ""];
  return `(${reason})${mend === undefined ? "" : `: ${mend}`}`;
}

const open = new Set<UnfinishedFile>();

/** Has a signal remove it. */
function untilSignal(draft: UnfinishedFile): UnfinishedFile {
  if (open.size === 0) for (const signal of endingSignals) process.on(signal, endNow);
  const guarded: UnfinishedFile = {
    path: draft.path,
    keep: () => draft.keep(),
    [Symbol.dispose]() {
      draft[Symbol.dispose]();
      open.delete(guarded);
      if (open.size === 0) for (const signal of endingSignals) process.off(signal, endNow);
    },
  };
  open.add(guarded);
  return guarded;
}

function endNow(): void {
  for (const draft of open) draft[Symbol.dispose]();
  // At once: who is asked to end has no time for a stream.
  writeSync(2, "Interrupted: nothing was written.\n");
  process.exit(exitStatus.gaveUp);
}

function draftPath(file: string): string {
  return `${file}.${randomBytes(4).toString("hex")}.part`;
}

function refuseTaken(file: string): void {
  if (lstatSync(file, { throwIfNoEntry: false }) !== undefined) {
    throw Object.assign(new Error("EEXIST: it is there already"), { code: "EEXIST" });
  }
}

/** Gives a file its name unless that is taken, in one step where the file system has links. */
function placeAnew(draft: string, file: string): void {
  try {
    linkSync(draft, file);
  } catch (error) {
    const hasNoLinks = /^(EPERM|ENOTSUP|EOPNOTSUPP|ENOSYS|EMLINK)$/.test(findErrorCode(error) ?? "");
    if (!hasNoLinks || existsSync(file)) throw error;
    renameSync(draft, file);
    return;
  }
  rmSync(draft);
}

/** Has what a file or a folder holds on disk on return. */
export function syncPath(file: string): void {
  const opened = openSync(file, "r");
  try {
    fsyncSync(opened);
  } finally {
    closeSync(opened);
  }
}
