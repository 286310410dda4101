import type { CommandEntry } from "./terminal/local-command.ts";

/**
 * The face of a slice: all that the program takes from it. It is read by every command, also those of a client that must not
 * load the server; what needs the server's code is loaded when it is called for.
 */
export interface Slice {
  /** The name of its folder. */
  readonly name: string;
  /** Commands that work on this machine's data. */
  readonly commands?: readonly CommandEntry[];
}
