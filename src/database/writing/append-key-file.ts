import { randomBytes } from "node:crypto";
import { Refusal } from "../../refusal.ts";
import { findErrorCode } from "../../terminal/exit.ts";
import { readSecretFile } from "../../terminal/secret-file.ts";

/** A secret that authenticates the head of the log. */
export interface AppendKey {
  /** 16 lower-case hexadecimal digits, which the head bears. */
  readonly id: string;
  /** 32 bytes. */
  readonly secret: Buffer;
}

const secretBytes = 32;

/** A new key. */
export function newAppendKey(): AppendKey {
  return { id: randomBytes(8).toString("hex"), secret: randomBytes(secretBytes) };
}

/** The file's text: a line for each key, its id and its secret in base64. */
export function writeAppendKeys(keys: readonly AppendKey[]): string {
  const lines = keys.map(({ id, secret }) => `${id} ${secret.toString("base64")}\n`);
  return `# Keys that append to the log. Whoever has one can write events that pass for its own.\n${lines.join("")}`;
}

/** Reads such lines. Throws a sentence that names the line, and never the secret. */
export function parseAppendKeys(text: string): readonly AppendKey[] {
  const lines = text.split("\n").map((line, at) => ({ line: line.trim(), at: at + 1 }));
  const keys = lines
    .filter(({ line }) => line !== "" && !line.startsWith("#"))
    .map(({ line, at }) => {
      const [, id, base64 = ""] = /^([0-9a-f]{16}) ([A-Za-z0-9+/]{43}=)$/.exec(line) ?? [];
      const secret = Buffer.from(base64, "base64");
      if (id === undefined || secret.length !== secretBytes) throw new Error(`line ${at} is no append key`);
      return { id, secret };
    });
  if (new Set(keys.map(({ id }) => id)).size < keys.length) throw new Error("it holds one id twice");
  return keys;
}

/** The keys in a file, none where there is no file. Refuses with `append_key` what can't be read, without repeating it. */
export function readAppendKeys(file: string): readonly AppendKey[] {
  try {
    return parseAppendKeys(readSecretFile(file));
  } catch (error) {
    if (findErrorCode(error) === "ENOENT") return [];
    const reason = error instanceof Error ? error.message : String(error);
    throw new Refusal("append_key", `cannot use the append keys in ${file} (${reason}): check --append-key`, {
      cause: error,
    });
  }
}
