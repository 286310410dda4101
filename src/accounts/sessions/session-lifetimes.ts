import type { Reader } from "../../audit/action.ts";
import type { Database } from "../../database/database.ts";
import { getSetting, findTrustedSetting } from "../../settings/queries.ts";
import type { SettingValue } from "../../settings/value.ts";

/** How long sessions last, as the settings have it, in microseconds. */
export interface SessionLifetimes {
  /** Unused for so long, a session ends. */
  readonly idleMicros: number;
  /** However much it is used, it ends so long after its login. */
  readonly absoluteMicros: number;
  /** The same for one that was opened through a provider, which is then asked again. */
  readonly providerMicros: number;
}

export function sessionLifetimes(db: Reader): Promise<SessionLifetimes> {
  return lifetimes((name) => getSetting(db, name));
}

/** The least that the settings take. */
const shortestSeconds = 60;

/** The same where a session lets somebody in: settings that were changed by SQL revive none. */
export function trustedLifetimes(db: Database): Promise<SessionLifetimes> {
  return lifetimes(async (name) => {
    const setting = await findTrustedSetting(db, name);
    return setting === "changed" ? shortestSeconds : setting.value;
  });
}

async function lifetimes(get: (name: string) => Promise<SettingValue>): Promise<SessionLifetimes> {
  const idleSeconds = Number(await get("ironlog_session_idle_seconds"));
  const absoluteSeconds = Number(await get("ironlog_session_lifetime_seconds"));
  const providerSeconds = Number(await get("ironlog_oidc_session_seconds"));
  return {
    idleMicros: idleSeconds * 1_000_000,
    absoluteMicros: absoluteSeconds * 1_000_000,
    providerMicros: Math.min(providerSeconds, absoluteSeconds) * 1_000_000,
  };
}
