import { Refusal } from "../../refusal.ts";
import { type KeyFileKind, type NamedKey, readNamedKeys } from "../../terminal/key-file.ts";

/** A secret that authenticates the head of the log, which bears its id. */
export type AppendKey = NamedKey;

export const appendKeyFile: KeyFileKind = {
  name: "append key",
  comment: "Keys that append to the log. Whoever has one can write events that pass for its own.",
};

/** The keys in a file, none where there is no file. Refuses with `append_key` what can't be read, without repeating it. */
export function readAppendKeys(file: string): readonly AppendKey[] {
  try {
    return readNamedKeys(appendKeyFile, file);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Refusal("append_key", `cannot use the append keys in ${file} (${reason}): check --append-key`, {
      cause: error,
    });
  }
}
