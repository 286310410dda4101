import type { Database } from "../../database/database.ts";
import { findDamage } from "../../database/checking/damage.ts";
import { getSetting, getTrustedSetting } from "../../settings/queries.ts";
import type { SettingValue } from "../../settings/value.ts";
import { shownTime } from "../verification/shown-time.ts";
import type { Findings, VerdictPace } from "../verification/verification-report.ts";

const setting = "ironlog_verify_interval_hours";

export const hourMicros = 3_600_000_000;
/** After so many intervals without a verdict somebody or something keeps the log from being verified. */
const intervalsMax = 3;

/** Where the setting can't be read, damage to it must not turn verifications off. */
const hoursByDefault = 24;

/** How many hours pass between two verifications; 0 for none. */
async function verifyIntervalHours(db: Database): Promise<number> {
  try {
    return asHours(await getSetting(db, setting));
  } catch (error) {
    if (error instanceof SyntaxError || findDamage(error) !== undefined) return hoursByDefault;
    throw error;
  }
}

/** The same where the server runs: a setting that was changed by SQL turns nothing off, and an event tells of it. */
export function trustedIntervalHours(db: Database): Promise<number> {
  return getTrustedSetting(db, setting).then(asHours, () => hoursByDefault);
}

function asHours(value: SettingValue): number {
  return typeof value === "number" && value >= 0 ? value : hoursByDefault;
}

/** Whether the last verdict is too old at a time, all in microseconds. Without one the log's first event counts. */
export function isAbsent(hours: number, last: number, now: number): boolean {
  // A time that is far ahead tells as little as one that is long ago.
  return hours > 0 && Math.abs(now - last) > intervalsMax * hours * hourMicros;
}

/** When the log's first event was recorded, in microseconds; undefined in an empty log. */
export async function firstEventTime(db: Database): Promise<number | undefined> {
  const first = await db.selectFrom("event").select("created").where("id", "=", 1).executeTakeFirst();
  return first?.created;
}

/**
 * Whether verdicts were recorded while the log lived, up to its last event or signature: so that a copy or a stopped log is
 * not accused.
 */
export async function checkVerdictPace(db: Database, size: number, findings: Findings): Promise<void> {
  const hours = await verifyIntervalHours(db);
  const newest = await db
    .selectFrom("event")
    .select("created")
    .where("action", "=", "log.verify")
    .where("source", "=", "ironlog")
    .where("id", "<=", size)
    .orderBy("id", "desc")
    .limit(1)
    .executeTakeFirst();
  const now = Math.max(findings.lastEvent ?? 0, findings.lastSigned ?? 0);
  const last = newest?.created ?? (await firstEventTime(db)) ?? now;
  findings.verifications = {
    verdict: paceOf(hours, last, now),
    last: shownTime(newest?.created),
    interval_hours: hours,
  };
}

function paceOf(hours: number, last: number, now: number): VerdictPace["verdict"] {
  if (hours === 0) return "off";
  return isAbsent(hours, last, now) ? "absent" : "present";
}
