import { nowMicros } from "../../time.ts";
import type { Checkpoint } from "../../verifiable-log/checkpoint.ts";
import type { StoredCheckpoint } from "../queries.ts";

/** A log in which nothing happens says so by signing again, with the time, this often. */
const heartbeatMicros = 600_000_000;
/** A clock that was set back by more is believed. */
const clockSlackMicros = 2_000_000;
/** One checkpoint of each of these is kept for good. */
const keptMicros = 3_600_000_000;

/**
 * When the next checkpoint is signed, in whole seconds: it is what is cosigned. A clock that was set back a little is waited
 * for. So is any while the log is as it was, or the order of its checkpoints couldn't be told; else the clock is believed, as
 * for events.
 */
export function timeAfter(newest: StoredCheckpoint | undefined, { size }: Checkpoint): number {
  const now = Math.floor(nowMicros() / 1_000_000) * 1_000_000;
  if (newest === undefined || newest.signed <= now) return now;
  return newest.signed - now > clockSlackMicros && size > newest.size ? now : newest.signed;
}

/** True where there is something to sign that was not, or nothing has happened for so long. */
export function isDue(newest: StoredCheckpoint, next: Checkpoint, now: number): boolean {
  return newest.size !== next.size || now - newest.signed >= heartbeatMicros;
}

/** The one checkpoint of an hour is replaced by later ones only. */
export function isSameHour(one: Pick<StoredCheckpoint, "signed">, other: Pick<StoredCheckpoint, "signed">): boolean {
  return one.signed <= other.signed && Math.floor(one.signed / keptMicros) === Math.floor(other.signed / keptMicros);
}
