import type { Database } from "../../database/database.ts";
import { findDamage } from "../../database/checking/damage.ts";
import { eventColumns } from "../../database/event-columns.ts";
import { faultsOf } from "../../database/checking/row-check.ts";
import type { EventTable } from "../../database/tables.ts";
import { isTime } from "../verification/shown-time.ts";
import { parseVerdict, uncheckedLayers, type Verdict } from "./verdict.ts";

/** A verdict as an event of the log tells of it. */
export interface RecordedVerdict extends Verdict {
  /** The event's id; null where the event can't be read, or none could be recorded. */
  readonly event: number | null;
  /** When the event was recorded, in microseconds. */
  readonly recorded: number;
  /** False of an event that is not what was recorded: nobody knows what it said. */
  readonly isAsRecorded: boolean;
}

/** The newest verdicts of the log, newest first. The row of each is checked: one that was changed says "damaged". */
export async function listVerdicts(db: Database, limit: number): Promise<readonly RecordedVerdict[]> {
  try {
    return (await readVerdictEvents(db, limit)).map(asVerdict);
  } catch (error) {
    const damage = findDamage(error);
    if (damage === undefined) throw error;
    return [changedVerdict(null, 0, [`the events of earlier verifications can't be read: ${damage}`])];
  }
}

/** Others may report events of that name: those have another source. What lies behind the head was not recorded. */
function readVerdictEvents(db: Database, limit: number): Promise<readonly EventTable[]> {
  return db
    .selectFrom("event")
    .select(eventColumns)
    .where("action", "=", "log.verify")
    .where("source", "=", "ironlog")
    .where("id", "<=", (eb) => eb.selectFrom("log_head").select("last_event_id"))
    .orderBy("id", "desc")
    .limit(limit)
    .execute();
}

function asVerdict(event: EventTable): RecordedVerdict {
  const { id, created, details } = event;
  const faults = faultsOf(event);
  if (faults.length > 0) return changedVerdict(id, created, faults);
  try {
    return { ...parseVerdict(details ?? ""), event: id, recorded: created, isAsRecorded: true };
  } catch (error) {
    return changedVerdict(id, created, [`it holds no verdict: ${error instanceof Error ? error.message : ""}`]);
  }
}

function changedVerdict(event: number | null, created: number, faults: readonly string[]): RecordedVerdict {
  const time = isTime(created) ? created : 0;
  return {
    event,
    recorded: time,
    isAsRecorded: false,
    finished: time,
    durationMs: 0,
    reason: null,
    size: 0,
    integrity: "damaged",
    completeness: "unknown",
    root: null,
    checkpoints: 0,
    checkpointSize: 0,
    areKeysTrusted: false,
    // This much is known: that an event is wrong.
    layers: uncheckedLayers.map((layer) =>
      layer.name === "events" ? { ...layer, verdict: "failed", faults: faults.length } : layer,
    ),
    faultCount: faults.length,
    faults: faults.map((what) => ({ layer: "events", event, what })),
    gaps: [],
  };
}
