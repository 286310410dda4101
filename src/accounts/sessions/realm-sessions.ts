import type { Tx } from "../../audit/action.ts";
import type { MirroredPerson } from "../../audit/actor.ts";
import type { Database } from "../../database/database.ts";
import type { RequestFacts, Vouch } from "../../http/authentication/caller.ts";
import { Refusal } from "../../refusal.ts";
import { hashSessionId } from "./session.ts";
import type { SessionLifetimes } from "./session-lifetimes.ts";
import { goodSessions } from "./session-queries.ts";

/** A session of a person of a mirrored MAAS. */
export interface RealmSession {
  readonly id: number;
  readonly realm: string;
  readonly realmUserId: number;
  readonly created: number;
  readonly lastUsed: number;
  readonly lastIp: string | null;
}

/** The session of that cookie, if it is a mirrored person's and still good at `now`. */
export async function findRealmSession(
  db: Database,
  sessionId: string,
  now: number,
  lifetimes: SessionLifetimes,
): Promise<RealmSession | undefined> {
  const row = await goodSessions(db, now, lifetimes)
    .select(["session.id", "session.realm", "session.realm_user_id", "session.created", "session.ip"])
    .select(["session_use.last_used", "session_use.ip as last_ip"])
    .where("token_hash", "=", hashSessionId(sessionId))
    .executeTakeFirst();
  if (row === undefined || row.realm === null || row.realm_user_id === null) return undefined;
  const { id, realm, realm_user_id: realmUserId, created, last_used, ip, last_ip } = row;
  const lastIp = last_used === null ? ip : last_ip;
  return { id, realm, realmUserId, created, lastUsed: last_used ?? created, lastIp };
}

/** Who opened the session by now. Whoever logs in, or only looks at what is public, need not wait for a MAAS that is away. */
export async function realmPersonOf(
  vouch: Vouch,
  session: RealmSession,
  { isPublic }: RequestFacts,
): Promise<MirroredPerson | undefined> {
  try {
    return await vouch.byId(session);
  } catch (error) {
    if (isPublic === true && error instanceof Refusal && error.code === "source_away") return undefined;
    throw error;
  }
}

/** Ends the sessions of all people of a source, as a part of another action. Returns how many. */
export async function deleteRealmSessions(tx: Tx, realm: string): Promise<number> {
  return Number((await tx.deleteFrom("session").where("realm", "=", realm).executeTakeFirst()).numDeletedRows);
}
