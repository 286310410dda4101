/** A command that works on this machine's data, such as `serve` and `createadmin`. */
export interface LocalCommand {
  readonly name: string;
  /** One line, for the list of commands. */
  readonly summary: string;
  /** All that `--help` prints. */
  readonly usage: string;
  /** Does the work with the words after the command's name, and gives the exit status. */
  run(args: readonly string[]): Promise<number>;
}

/** The part of a command that is loaded when it is wanted. */
export type CommandBody = Pick<LocalCommand, "usage" | "run">;

/** What is known of a command before its code is loaded, so that a client command never loads the server. */
export interface CommandEntry {
  /** One word, or two where the first one has other commands too. */
  readonly name: string;
  readonly summary: string;
  /** What the first argument may be, where that is a subcommand: a failure is named after both. */
  readonly subcommands?: readonly string[];
  /** The exit status of a refusal; 1 unless given. */
  readonly refusedStatus?: number;
  /** True where a client's command has work to end when a signal comes. */
  readonly endsByItself?: true;
  load(): Promise<CommandBody>;
}
