import { readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { findErrorCode } from "../../terminal/exit.ts";
import { writeWhole } from "../../terminal/whole-file.ts";
import { unableVerdict, parseVerdict, type Verdict, verdictDetails } from "./verdict.ts";

const fileName = "unrecorded-verdict.json";

/**
 * A verdict that the log could not take, since the database is unreadable or its disk is full: it stands in a file in the data
 * directory until a verdict is recorded.
 */
export class UnrecordedVerdict {
  readonly #file: string;
  /** Also where the file could not be written. */
  #kept: Verdict | undefined;

  constructor(dataFolder: string) {
    this.#file = path.join(dataFolder, fileName);
  }

  /** The verdict that waits; undefined if none does. */
  find(): Verdict | undefined {
    if (this.#kept !== undefined) return this.#kept;
    let text: string;
    try {
      text = readFileSync(this.#file, "utf8");
    } catch (error) {
      if (findErrorCode(error) === "ENOENT") return undefined;
      return this.#unreadable(error);
    }
    try {
      return parseVerdict(text);
    } catch (error) {
      return this.#unreadable(error);
    }
  }

  /** Keeps a verdict; the file is for its owner alone, and whole or not there. Throws what keeps it from being written. */
  keep(verdict: Verdict): void {
    this.#kept = verdict;
    writeWhole(this.#file, `${JSON.stringify(verdictDetails(verdict))}\n`, "replace");
  }

  /** One was recorded. */
  forget(): void {
    this.#kept = undefined;
    rmSync(this.#file, { force: true });
  }

  #unreadable(error: unknown): Verdict {
    const reason = error instanceof Error ? error.message : String(error);
    return unableVerdict(`${this.#file} can't be read (${reason}): remove it, and verify the log now`, 0);
  }
}
