import type { Reader } from "../../audit/action.ts";
import { getSetting } from "../../settings/queries.ts";

/** How long sessions last, as the settings have it, in microseconds. */
export interface SessionLifetimes {
  /** Unused for so long, a session ends. */
  readonly idleMicros: number;
  /** However much it is used, it ends so long after its login. */
  readonly absoluteMicros: number;
}

export async function sessionLifetimes(db: Reader): Promise<SessionLifetimes> {
  const idleSeconds = Number(await getSetting(db, "ironlog_session_idle_seconds"));
  const absoluteSeconds = Number(await getSetting(db, "ironlog_session_lifetime_seconds"));
  return { idleMicros: idleSeconds * 1_000_000, absoluteMicros: absoluteSeconds * 1_000_000 };
}
