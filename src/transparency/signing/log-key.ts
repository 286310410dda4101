import { randomBytes } from "node:crypto";
import os from "node:os";
import path from "node:path";
import { makeFolder } from "../../database/make-folder.ts";
import { Refusal } from "../../refusal.ts";
import { findErrorCode } from "../../terminal/exit.ts";
import { readSecretFile } from "../../terminal/secret-file.ts";
import { writeWhole } from "../../terminal/whole-file.ts";
import { generateSigningKey, isKeyName, parseSigningKey, type SigningKey } from "../../verifiable-log/signed-note.ts";

/** The two keys of a log: one signs what it is, the other one when it was so. */
export interface LogKey {
  readonly log: SigningKey;
  readonly cosigner: SigningKey;
}

/**
 * The key in the file; undefined if there is no file. Refuses with `invalid` what is no key, without repeating it, and a file
 * that others can read.
 */
export function readLogKey(file: string): LogKey | undefined {
  let text: string;
  try {
    text = readSecretFile(file);
  } catch (error) {
    if (findErrorCode(error) === "ENOENT") return undefined;
    const reason = error instanceof Error ? error.message : String(error);
    throw new Refusal("invalid", `cannot read the log's key (${reason}): check --log-key`, { cause: error });
  }
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  try {
    const keys = lines.map(parseSigningKey);
    const log = keys.find(({ kind }) => kind === "log");
    const cosigner = keys.find(({ kind }) => kind === "cosigner");
    if (log === undefined || cosigner === undefined) throw new Error("it needs a key for the log and a cosigner");
    if (log.name !== cosigner.name) throw new Error("its two keys bear different names");
    return { log, cosigner };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Refusal("invalid", `${file} is no key of a log: ${reason}`, { cause: error });
  }
}

/** Makes a new key for `origin` and writes it to a file that isn't there yet, for its owner alone. On disk on return. */
export function makeLogKey(file: string, origin: string): LogKey {
  const key = { log: generateSigningKey("log", origin), cosigner: generateSigningKey("cosigner", origin) };
  const text = `# The key of the log '${origin}'. Whoever has it can sign in its name.
${key.log.secretText}
${key.cosigner.secretText}
`;
  makeFolder(path.dirname(file));
  writeWhole(file, text, "refuse");
  return key;
}

/** A name for a new log that no other one has. */
export function newOrigin(): string {
  const host = os.hostname().replaceAll(/[^A-Za-z0-9.-]/g, "-") || "localhost";
  return `${host}/ironlog-${randomBytes(4).toString("hex")}`;
}

/** An origin that somebody has chosen. Refuses with `invalid` what a key can't bear. */
export function parseOrigin(text: string, field: string): string {
  if (isKeyName(text) && text.length <= 255) return text;
  throw new Refusal("invalid", `${field} takes a name without blanks and plus signs, such as example.com/audit.`, {
    fields: { [field]: ["Give a name without blanks and plus signs."] },
  });
}
