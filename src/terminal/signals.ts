import * as inspector from "node:inspector";
import { exitStatus } from "./exit.ts";

/** Signals that ask a process to end, and by default end it at once. */
export const endingSignals = [
  "SIGTERM",
  "SIGINT",
  "SIGQUIT",
  "SIGHUP",
  "SIGPWR",
  "SIGXCPU",
  "SIGALRM",
  "SIGVTALRM",
] as const;
/** Of those, the ones that somebody sends twice who can't wait. A terminal that closes sends SIGHUP more than once. */
const insisting: ReadonlySet<string> = new Set(["SIGTERM", "SIGINT"]);

const lookIntervalMs = 1_000;

export interface Signals {
  /** What SIGHUP does instead of ending the server. */
  readonly hangUp?: (() => void) | undefined;
  /** Whether a debugger may be attached. */
  readonly isDebug: boolean;
}

/** The signal that ends the server, or `inspector`, where a debugger was opened and none is allowed. */
export type Ending = NodeJS.Signals | "inspector";

/**
 * Resolves with the first signal that ends the server; a second SIGTERM or SIGINT ends the process at once. SIGUSR2, which
 * says nothing to the server, is ignored.
 */
export function untilEnded({ hangUp, isDebug }: Signals): Promise<Ending> {
  const { promise, resolve } = Promise.withResolvers<Ending>();
  let isEnding = false;
  for (const signal of endingSignals) {
    process.on(signal, () => {
      if (signal === "SIGHUP" && hangUp !== undefined) return hangUp();
      if (isEnding && insisting.has(signal)) process.exit(exitStatus.gaveUp);
      isEnding = true;
      resolve(signal);
    });
  }
  process.on("SIGUSR2", () => {});
  if (!isDebug) setInterval(() => hasInspector() && resolve("inspector"), lookIntervalMs).unref();
  return promise;
}

/** Whether a debugger may attach to this process: whoever does can read and do everything that it can. */
export function hasInspector(): boolean {
  return inspector.url() !== undefined;
}
