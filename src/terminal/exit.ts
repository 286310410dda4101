/**
 * What the exit status tells a script, as MAAS's client has it:
 * `gaveUp`: a rejected key, an untrusted certificate, a malformed `key=value`, Ctrl-C;
 * `refused`: the server answered something other than 2xx or not at all, or the command was misused.
 * `misconfigured`, from `ironlog serve` alone: it won't start before somebody has changed something (EX_CONFIG of sysexits.h).
 */
export const exitStatus = { success: 0, gaveUp: 1, refused: 2, misconfigured: 78 } as const;

/** An end that was foreseen: its message is the one line that people get to see. */
export class CommandFailure extends Error {
  readonly status: number;

  constructor(status: number, message: string, options: ErrorOptions = {}) {
    super(message, options);
    this.name = "CommandFailure";
    this.status = status;
  }
}

/** The failure of a command that was called in a way it does not know. */
export function misuse(message: string): CommandFailure {
  return new CommandFailure(exitStatus.refused, message);
}

/** Refuses words that a command doesn't take. */
export function refuseWords(words: readonly string[]): void {
  if (words.length > 0) throw misuse(`'${words[0]}' is one word too many: see --help.`);
}

/** The exit status that a failed command ends with. */
export function statusOf(error: unknown): number {
  return error instanceof CommandFailure ? error.status : exitStatus.refused;
}

/** What people are told of a failure: its message and those of its causes; the stack only where it was asked for. */
export function explain(error: unknown, detail: "message" | "stack"): string {
  if (!(error instanceof Error)) return String(error);
  const text = detail === "stack" ? (error.stack ?? error.message) : error.message;
  if (error.cause === undefined || (detail === "message" && error instanceof CommandFailure)) return text;
  const separator = detail === "stack" ? "\ncaused by: " : ": ";
  return text + separator + explain(error.cause, detail);
}

/** The system's own word for what went wrong, such as `ENOENT`, or `undefined` where there is none. */
export function findErrorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}
