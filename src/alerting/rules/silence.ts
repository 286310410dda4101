import type { Database } from "../../database/database.ts";
import { trustedIntervalHours } from "../../transparency/verdicts/verdict-pace.ts";
import type { Rule } from "./rule.ts";

const second = 1_000_000;
const hour = 3_600 * second;
const intervalsMax = 3;

/** How long there may be none, in microseconds; undefined where nothing is expected. */
export async function silenceMicrosOf(db: Database, { windowSeconds, shipped }: Rule): Promise<number | undefined> {
  if (shipped?.isOfVerifications !== true) return (windowSeconds ?? 0) * second;
  const hours = await trustedIntervalHours(db);
  return hours === 0 ? undefined : intervalsMax * hours * hour;
}
