import type { DataConfig } from "../../config.ts";

/** One word behind `ironlog log`. */
export interface LogSubcommand {
  /** How it is called, for the help. */
  readonly usage: string;
  /** What it does, for the list and the top of its help. */
  readonly summary: string;
  readonly help: string;
  readonly own: Readonly<Record<string, "text" | "flag">>;
  run(call: LogCall): Promise<number>;
}

/** The words and flags that a subcommand was called with. */
export interface LogCall {
  readonly config: DataConfig;
  readonly own: ReadonlyMap<string, string>;
  readonly words: readonly string[];
}
