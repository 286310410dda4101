import path from "node:path";
import { makeFolder } from "../database/make-folder.ts";
import { Refusal } from "../refusal.ts";
import { findErrorCode } from "../terminal/exit.ts";
import { type KeyFileKind, type NamedKey, newNamedKey, readNamedKeys, writeNamedKeys } from "../terminal/key-file.ts";
import { writeWhole } from "../terminal/whole-file.ts";
import { openSealed, type SecretPlace, sealText, sealingKeyId } from "./sealed.ts";

/** What keeps secrets of other systems: what is stored of them can't be read without the file of keys. */
export interface Secrets {
  /** Refuses with `secrets_key` where the file can't be made or read. */
  seal(place: SecretPlace, clear: string): Uint8Array;
  /** Undefined where no key that is there opens it: it has to be entered again. */
  open(place: SecretPlace, sealed: Uint8Array): string | undefined;
}

/** A secret as it is stored: encrypted, or null for none. */
export type SealedSecret = Uint8Array | null;

export const secretsKeyFile: KeyFileKind = {
  name: "secrets key",
  comment: "Keys that open the secrets in the database. The first one seals.",
};

/** The keys in a file beside the data, read for each use: they are seldom used, and another process may change them. */
export class SecretsKeys implements Secrets {
  readonly file: string;

  constructor(file: string) {
    this.file = file;
  }

  /** Refuses with `secrets_key` what can't be read. Empty where there is no file. */
  all(): readonly NamedKey[] {
    try {
      return readNamedKeys(secretsKeyFile, this.file);
    } catch (error) {
      throw this.#unusable(error);
    }
  }

  seal(place: SecretPlace, clear: string): Uint8Array {
    return sealText(this.#first(), place, clear);
  }

  open(place: SecretPlace, sealed: Uint8Array): string | undefined {
    return this.opener()(place, sealed);
  }

  /** The same for many secrets: the file is read once. */
  opener(): Secrets["open"] {
    const keys = this.#allReadable();
    return (place, sealed) => {
      const id = sealingKeyId(sealed);
      const key = keys.find((candidate) => candidate.id === id);
      return key === undefined ? undefined : openSealed(key, place, sealed);
    };
  }

  /** Writes all of them, on disk on return. Refuses with `secrets_key`. */
  write(keys: readonly NamedKey[], taken: "refuse" | "replace" = "replace"): void {
    try {
      makeFolder(path.dirname(this.file));
      writeWhole(this.file, writeNamedKeys(secretsKeyFile, keys), taken);
    } catch (error) {
      // Another process on the same data was quicker.
      if (taken === "refuse" && findErrorCode(error) === "EEXIST") return;
      throw this.#unusable(error);
    }
  }

  /** A file that was spoilt opens as little as one that is missing; whoever seals is told what is wrong with it. */
  #allReadable(): readonly NamedKey[] {
    try {
      return this.all();
    } catch {
      return [];
    }
  }

  #first(): NamedKey {
    const [first] = this.all();
    if (first !== undefined) return first;
    this.write([newNamedKey()], "refuse");
    const [made] = this.all();
    if (made === undefined) throw new Refusal("secrets_key", `${this.file} holds no key: see ironlog secrets --help`);
    return made;
  }

  #unusable(error: unknown): Refusal {
    const reason = error instanceof Error ? error.message : String(error);
    return new Refusal(
      "secrets_key",
      `cannot use the keys for secrets in ${this.file} (${reason}): check --secrets-key`,
      {
        cause: error,
      },
    );
  }
}
