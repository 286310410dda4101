import { randomBytes } from "node:crypto";
import { Refusal } from "../refusal.ts";
import { findErrorCode } from "./exit.ts";
import { readSecretFile } from "./secret-file.ts";

/** A secret with a name. */
export interface NamedKey {
  /** 16 lower-case hexadecimal digits, which what was made with the key bears. */
  readonly id: string;
  /** 32 bytes. */
  readonly secret: Buffer;
}

/** A kind of file that holds such keys. */
export interface KeyFileKind {
  /** What its keys are called, one of them: `append key`. */
  readonly name: string;
  /** Its first line, for whoever opens it. */
  readonly comment: string;
}

const secretBytes = 32;

/** A new key. */
export function newNamedKey(): NamedKey {
  return { id: randomBytes(8).toString("hex"), secret: randomBytes(secretBytes) };
}

/** The file's text: a line for each key, its id and its secret in base64. */
export function writeNamedKeys({ comment }: KeyFileKind, keys: readonly NamedKey[]): string {
  const lines = keys.map(({ id, secret }) => `${id} ${secret.toString("base64")}\n`);
  return `# ${comment}\n${lines.join("")}`;
}

/** Reads such lines. Throws a sentence that names the line, and never the secret. */
export function parseNamedKeys({ name }: KeyFileKind, text: string): readonly NamedKey[] {
  const lines = text.split("\n").map((line, at) => ({ line: line.trim(), at: at + 1 }));
  const keys = lines
    .filter(({ line }) => line !== "" && !line.startsWith("#"))
    .map(({ line, at }) => {
      const [, id, base64 = ""] = /^([0-9a-f]{16}) ([A-Za-z0-9+/]{43}=)$/.exec(line) ?? [];
      const secret = Buffer.from(base64, "base64");
      if (id === undefined || secret.length !== secretBytes) throw new Error(`line ${at} is no ${name}`);
      return { id, secret };
    });
  if (new Set(keys.map(({ id }) => id)).size < keys.length) throw new Error("it holds one id twice");
  return keys;
}

/** The keys in a file, none where there is no file. Throws what stands against using it, without repeating what it holds. */
export function readNamedKeys(kind: KeyFileKind, file: string): readonly NamedKey[] {
  try {
    return parseNamedKeys(kind, readSecretFile(file));
  } catch (error) {
    if (findErrorCode(error) === "ENOENT") return [];
    throw error;
  }
}

/**
 * The keys of a file with those that another one holds, which are given as its text: known ones stay where they are. Refuses with
 * `invalid` what is no such text, and with `conflict` another key of the same id; nothing of the given text is repeated.
 */
export function joinNamedKeys(kind: KeyFileKind, known: readonly NamedKey[], text: string): Joined {
  const given = parseGiven(kind, text);
  const clash = given.find(({ id, secret }) => known.some((key) => key.id === id && !key.secret.equals(secret)));
  if (clash !== undefined) throw new Refusal("conflict", `the file has another key '${clash.id}': nothing was added`);
  const fresh = given.filter(({ id }) => !known.some((key) => key.id === id));
  return { given, fresh, all: [...known, ...fresh] };
}

/** What came of joining keys. */
export interface Joined {
  readonly given: readonly NamedKey[];
  /** Those of them that weren't known. */
  readonly fresh: readonly NamedKey[];
  readonly all: readonly NamedKey[];
}

function parseGiven(kind: KeyFileKind, text: string): readonly NamedKey[] {
  let keys: readonly NamedKey[];
  try {
    keys = parseNamedKeys(kind, text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Refusal(
      "invalid",
      `what came on standard input is no file of ${kind.name}s (${reason}): nothing was added`,
      { cause: error },
    );
  }
  if (keys.length === 0) throw new Refusal("invalid", `standard input held no ${kind.name}: nothing was added`);
  return keys;
}
