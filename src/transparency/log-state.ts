import type { AppendKeys } from "../database/writing/append-keys.ts";
import { findSetBack } from "./signing/authentic-tree.ts";
import type { Database } from "../database/database.ts";
import { findDamage } from "../database/checking/damage.ts";
import { lastEventId } from "../database/version-cache.ts";
import { watchLog } from "../events/streaming/log-watch.ts";
import type { WorkerDesk } from "../following/workers.ts";
import { nowMicros, rfc3339Micros } from "../time.ts";
import type { Trouble } from "../slice.ts";
import { findNewestCheckpoint, type StoredCheckpoint } from "./queries.ts";
import type { Signer } from "./signing/signer.ts";
import { listVerdicts, type RecordedVerdict } from "./verdicts/recorded-verdicts.ts";
import type { UnrecordedVerdict } from "./verdicts/unrecorded-verdict.ts";
import { countFaults, isGood } from "./verdicts/verdict.ts";
import type { Fault } from "./verification/verification-report.ts";
import { firstEventTime, isAbsent, trustedIntervalHours } from "./verdicts/verdict-pace.ts";

/** A quiet log is signed every ten minutes: one that wasn't for so long is signed by nobody. */
const unsignedMicrosMax = 1_800_000_000;

/** What keeps the log in this server. */
export interface LogParts {
  /** Undefined on a server that hasn't the log's key. */
  readonly signer: Signer | undefined;
  readonly workers: WorkerDesk;
  /** Undefined where somebody only looks at the operations. */
  readonly appendKeys: AppendKeys | undefined;
  /** Likewise. */
  readonly unrecorded: UnrecordedVerdict | undefined;
}

/** How the log is: what `/readyz`, the metrics and the page all show. */
export interface LogState {
  readonly checkpoint: StoredCheckpoint | undefined;
  /** The newest verdict, also one that could not be recorded; undefined if there was none yet. */
  readonly verdict: RecordedVerdict | undefined;
  /** Whether the log was verified, found good, and says so; undefined if there was no verdict yet. */
  readonly isVerified: boolean | undefined;
  /** None if all is as it should be. */
  readonly troubles: readonly Trouble[];
}

/** How long each server has seen its log to be. */
const seenSizes = new WeakMap<Database, number>();

/** Looks at the log, and judges what it sees. Throws where the database can't be asked. */
export async function judgeLog(db: Database, parts: LogParts): Promise<LogState> {
  const damage: Trouble[] = [];
  const readable = async <Value>(table: string, read: Promise<Value>): Promise<Value | undefined> => {
    try {
      return await read;
    } catch (error) {
      const what = findDamage(error);
      if (what === undefined) throw error;
      damage.push({ name: "damage", what: `the table ${table} can't be read: ${what}` });
      return undefined;
    }
  };
  const [size, checkpoint, [recorded], hours, begun, setBack] = await Promise.all([
    lastEventId(db),
    readable("checkpoint", findNewestCheckpoint(db)),
    listVerdicts(db, 1),
    trustedIntervalHours(db),
    readable("event", firstEventTime(db)),
    parts.appendKeys === undefined ? undefined : findSetBack(db, parts.appendKeys),
  ]);
  const verdict = newer(recorded, parts.unrecorded);
  const now = nowMicros();
  const doubt = verdictTrouble(verdict) ?? damage[0];
  const troubles = [
    signingTrouble(parts, checkpoint?.signed ?? begun ?? now, now),
    doubt,
    paceTrouble(hours, verdict?.recorded ?? begun ?? now, now),
    watchTrouble(db),
    setBack === undefined ? lengthTrouble(db, size) : { name: "log behind" as const, what: setBack },
  ].filter((trouble) => trouble !== undefined);
  const isVerified = verdict === undefined && doubt === undefined ? undefined : doubt === undefined;
  return { checkpoint, verdict, isVerified, troubles };
}

/** What could not be recorded counts until something later was. */
export function newer(
  recorded: RecordedVerdict | undefined,
  unrecorded: UnrecordedVerdict | undefined,
): RecordedVerdict | undefined {
  const kept = unrecorded?.find();
  if (kept === undefined || (recorded?.isAsRecorded === true && recorded.recorded >= kept.finished)) return recorded;
  return { ...kept, event: null, recorded: kept.finished, isAsRecorded: true };
}

function signingTrouble({ signer }: LogParts, signed: number, now: number): Trouble | undefined {
  const name = "not signing";
  if (signer?.trouble !== undefined) return { name, what: signer.trouble };
  if (now - signed <= unsignedMicrosMax) return undefined;
  return { name, what: `no server has signed the log since ${rfc3339Micros(signed)}` };
}

function verdictTrouble(verdict: RecordedVerdict | undefined): Trouble | undefined {
  if (verdict === undefined) return undefined;
  const { event, reason, faults, isAsRecorded } = verdict;
  if (isAsRecorded && isGood(verdict)) {
    if (event !== null) return undefined;
    return {
      name: "not verified",
      what: "the log could not take the last verdict: see the server's log, and verify the log now",
    };
  }
  if (reason !== null) return { name: "not verified", what: reason };
  if (!isAsRecorded) {
    const which = event === null ? "" : `the last verdict, event ${event}, is not what was recorded: `;
    return { name: "damage", what: which + faults.map(({ what }) => what).join("; ") };
  }
  const [first] = faults;
  const found = first === undefined ? "events are missing" : withEvent(first);
  return { name: "damage", what: `${countFaults(verdict)} faults were found, the first: ${found}` };
}

function withEvent({ event, what }: Fault): string {
  return event === null ? what : `event ${event}: ${what}`;
}

function paceTrouble(hours: number, last: number, now: number): Trouble | undefined {
  if (hours === 0) {
    return { name: "verification off", what: "set ironlog_verify_interval_hours to 1 or more, such as 24" };
  }
  if (!isAbsent(hours, last, now)) return undefined;
  const what = `no verification was recorded for more than three times ${hours} hours`;
  return { name: "verification absent", what: `${what}: see the worker verifier, or verify the log now` };
}

function watchTrouble(db: Database): Trouble | undefined {
  if (!watchLog(db).isStale) return undefined;
  return { name: "watch stale", what: "live pages wait for a look at the log: see the worker log-watch" };
}

/** A log never gets shorter, unless a fail-over or a restored copy has lost its end. */
function lengthTrouble(db: Database, size: number): Trouble | undefined {
  const seen = Math.max(size, seenSizes.get(db) ?? 0);
  seenSizes.set(db, seen);
  if (size === seen) return undefined;
  return { name: "log behind", what: `this server has seen event ${seen}, and the log ends with event ${size}` };
}
