import type { KeepBooks } from "../database/leases.ts";

/** Work that a server does by itself, again and again. A worker is a value; `RunningWorker` runs it. */
export interface Worker {
  /** Unique, in the words of operators: it stands in `/readyz`, in the metrics' labels and as the name of its lease. */
  readonly name: string;
  /** `once`: of all servers on one database one does it at a time. */
  readonly runs: Runs;
  /** Between two turns, and after the first failure. Doubled with each further one. */
  readonly pauseMs: number;
  /** The longest wait after failures; a minute if it isn't given, and never less than `pauseMs`. */
  readonly backOffMsMax?: number;
  /** What the server's log says when a turn fails after a good one. */
  readonly complaint: string;
  /** Why this server can't do it; others on the same database may. */
  readonly unfit?: string | undefined;
  /** The name of other work: this server leaves this one to the server that does that one, while another one does. */
  readonly defersTo?: string | undefined;
  /** True to begin with a turn; else the first one comes after a pause. */
  readonly isEager?: boolean;
  /** True for one more turn when it is stopped, and those that it asks for with `more`. */
  readonly hasFinalTurn?: boolean;
  /** True where it goes on until the server's last event is recorded. A worker that records events must not. */
  readonly stopsLast?: boolean;

  /** One turn. It throws what went wrong, `GaveUp` to stop for good. */
  turn(turn: Turn): Promise<Rest>;
  /** What a server does at each pause while it doesn't hold the lease. */
  standBy?(): Promise<void>;
  /** Drops what it holds of its work: another server may have gone on with it, or it was stopped. */
  release?(): Promise<void>;
  /** What a server does at its end where it doesn't hold the lease: its last event must not wait for others. */
  endStandBy?(): Promise<void>;
  /** Waits for the next turn, for at most `pauseMs` or until it is woken. Only a timer if it isn't given. */
  rest?(pauseMs: number, woken: AbortSignal): Promise<void>;
  /** Is told how to wake it: its next turn then comes at once, unless the last one has failed. */
  connect?(wake: () => void): void;
  /** How far the turn is; undefined while there is nothing to tell. */
  progress?(): Progress | undefined;
  /** How much it knows of and can't do yet, since something else has to end first. */
  waiting?(): number;
  /** Up to which event it has followed the log; undefined before it has begun. */
  position?(): Promise<Position | undefined>;
}

export type Runs = "once" | "everyServer";

/** What comes after a turn: another one at once, one after the pause, or one when it is woken. */
export type Rest = "more" | "pause" | "until woken";

/** What a turn may use. */
export interface Turn {
  /** Aborted when the worker is stopped or has lost its lease: the turn should end soon, and may throw. */
  readonly signal: AbortSignal;
  /** Writes bookkeeping. Of a worker that runs `once` only the holder of the lease can: a lost lease writes nothing. */
  readonly keepBooks: KeepBooks;
  /** True of the turn that comes after the worker was stopped. */
  readonly isFinal: boolean;
  /** Learns of what other servers have asked for until now. */
  learnRequests(): Promise<void>;
  /** True if somebody has asked for the work since this was last called. */
  takeRequest(): boolean;
}

/** How far a long turn is. */
export interface Progress {
  readonly done: number;
  readonly size: number;
}

export interface Position {
  /** The id of the last event that the work was done on. */
  readonly cursor: number;
  /** How many events come after it. */
  readonly behind: number;
}

/** Thrown by a turn that must not be tried again before the next start. Whoever throws it has told the server's log. */
export class GaveUp extends Error {
  override readonly name = "GaveUp";
}

export type WorkerState =
  /** It takes its turns. */
  | "running"
  /** Its last turn failed; it tries again. */
  | "failing"
  /** It doesn't try again before the server's next start. */
  | "gave_up"
  /** It waits for the lease. */
  | "standby"
  /** This server can't do it. */
  | "unable"
  | "stopped";

export interface WorkerStatus {
  readonly state: WorkerState;
  /** Why it can't do its work, since when (microseconds); null while it can. */
  readonly trouble: { readonly why: string; readonly since: number } | null;
  readonly turns: number;
  readonly failures: number;
  /** When its last turn ended, in microseconds. */
  readonly lastTurn: number | null;
  readonly progress: Progress | null;
  readonly waiting: number;
}

/** Time and chance, so that tests need not wait for them. */
export interface Timing {
  /** Microseconds since 1970 UTC. */
  now(): number;
  /** Milliseconds of a clock that nobody sets. */
  steadyMs(): number;
  /** Returns when the time is up or the signal is aborted. */
  sleep(ms: number, woken: AbortSignal): Promise<void>;
  /** 0 to 1. */
  random(): number;
}
