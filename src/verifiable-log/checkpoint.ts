import { hashBytes } from "./tree.ts";

/** What a log says of itself: C2SP tlog-checkpoint. */
export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  readonly root: Buffer;
}

/** The text of a checkpoint, which is then signed as a note. */
export function checkpointText({ origin, size, root }: Checkpoint): string {
  return `${origin}\n${size}\n${root.toString("base64")}\n`;
}

/** Reads the text of a checkpoint; lines behind the root are extensions, and not ours. Throws what is wrong with it. */
export function parseCheckpoint(text: string): Checkpoint {
  const [origin = "", size = "", root = ""] = text.split("\n");
  const bytes = Buffer.from(root, "base64");
  if (origin === "") throw new Error("its first line, the log's origin, is empty");
  if (!/^(0|[1-9]\d{0,15})$/.test(size) || !Number.isSafeInteger(Number(size))) {
    throw new Error("its second line is not the size of a tree");
  }
  if (bytes.length !== hashBytes || bytes.toString("base64") !== root) {
    throw new Error("its third line is not the root of a tree");
  }
  return { origin, size: Number(size), root: bytes };
}
