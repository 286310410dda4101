import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import type { Environment } from "../../environment.ts";
import { ownCommand, yieldToOthers } from "../../terminal/own-program.ts";
import type { FoundDamage } from "../query/index-reader.ts";
import type { Told } from "../index/index-keeper.ts";

/** How `ironlog search index` is run. */
export interface IndexerProgram {
  /** The program's main file, or the executable that holds it all. */
  readonly mainFile: string;
  readonly dataFolder: string;
  readonly environment: Environment;
}

/** A batch takes a fraction of it. */
const patienceMs = 5_000;
/** What is kept of what the process says on its way to its end. */
const complaintLengthMax = 500;

/** The process that keeps the index. Its standard input ends with this process, however that ends, and then it ends as well. */
export class Indexer {
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  /** Why it has ended; undefined while it runs. */
  #end: string | undefined;
  /** Resolves when it has ended. */
  readonly ended: Promise<void>;

  constructor({ mainFile, dataFolder, environment }: IndexerProgram, onTold: (told: Told) => void) {
    const [file, args] = ownCommand(mainFile, ["search", "index", "--data", dataFolder]);
    this.#child = spawn(file, args, { stdio: ["pipe", "pipe", "pipe"], env: environment });
    // What is told to a process that has just ended is told to nobody.
    this.#child.stdin.on("error", () => {});
    if (this.#child.pid !== undefined) yieldToOthers(this.#child.pid);
    // Only this program writes such lines.
    createInterface({ input: this.#child.stdout }).on("line", (line) => onTold(JSON.parse(line) as Told));
    let said = "";
    createInterface({ input: this.#child.stderr }).on("line", (line) => (said = line.slice(0, complaintLengthMax)));
    this.ended = this.#untilEnded(() => said);
  }

  get end(): string | undefined {
    return this.#end;
  }

  /** Has it build the index again, if that is still the file that is damaged. */
  rebuild(damage: FoundDamage): void {
    this.#child.stdin.write(`${JSON.stringify(damage)}\n`);
  }

  /** Ends it after its batch. One that goes on is killed: what it was writing is undone, and read from the log again. */
  async stop(): Promise<void> {
    this.#child.stdin.end();
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), patienceMs);
    await this.ended;
    clearTimeout(timer);
  }

  async #untilEnded(lastSaid: () => string): Promise<void> {
    try {
      const [status, signal] = (await once(this.#child, "close")) as [number | null, NodeJS.Signals | null];
      this.#end = lastSaid() === "" ? `it ended with ${signal ?? status}, and said nothing` : lastSaid();
    } catch (error) {
      this.#end = error instanceof Error ? error.message : String(error);
    }
  }
}
