import type { QueryCreator } from "kysely";
import type { Database } from "../../database/database.ts";
import type { Tables } from "../../database/tables.ts";
import { hashSessionId, type Session, sessionFingerprint } from "./session.ts";
import { type SessionLifetimes, sessionLifetimes } from "./session-lifetimes.ts";

/** A session and who it belongs to. */
export interface OpenSession {
  readonly session: Session;
  readonly username: string;
  readonly isSuperuser: boolean;
  readonly isAuditor: boolean;
}

/** The session of that cookie, if it is still good at `now` and its user is active. */
export async function findSession(
  db: Database,
  sessionId: string,
  now: number,
  lifetimes: SessionLifetimes,
): Promise<OpenSession | undefined> {
  const row = await goodSessions(db, now, lifetimes)
    .innerJoin("user", "user.id", "session.user_id")
    .select([...sessionColumns, "user.id as user_id", "user.username", "user.is_superuser", "user.is_auditor"])
    .where("token_hash", "=", hashSessionId(sessionId))
    .where("user.is_active", "=", 1)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  return {
    session: asSession(row, row.user_id, lifetimes),
    username: row.username,
    isSuperuser: row.is_superuser === 1,
    isAuditor: row.is_auditor === 1,
  };
}

/** Whether the session of that cookie is one that a change of its user's password has ended. */
export async function hasPasswordEnded(db: Database, sessionId: string): Promise<boolean> {
  const row = await db
    .selectFrom("session_ended_by_password")
    .select("ended")
    .where("token_hash", "=", hashSessionId(sessionId))
    .executeTakeFirst();
  return row !== undefined;
}

/** A user's sessions that are good at `now`, newest first. */
export async function listSessions(db: Database, userId: number, now: number): Promise<readonly Session[]> {
  const lifetimes = await sessionLifetimes(db);
  const rows = await goodSessions(db, now, lifetimes)
    .select(sessionColumns)
    .where("user_id", "=", userId)
    .orderBy("id", "desc")
    .execute();
  return rows.map((row) => asSession(row, userId, lifetimes));
}

/** The sessions that are good at `now`, with their last use: the one place that says what good is. */
export function goodSessions(db: SessionReader, now: number, lifetimes: SessionLifetimes) {
  const { idleMicros, absoluteMicros, providerMicros } = lifetimes;
  return db
    .selectFrom("session")
    .leftJoin("session_use", "session_use.session_id", "session.id")
    .where("session.created", ">", now - absoluteMicros)
    .where(({ eb, or }) =>
      or([eb("session.identity_id", "is", null), eb("session.created", ">", now - providerMicros)]),
    )
    .where(({ eb, fn }) => eb(fn.coalesce("session_use.last_used", "session.created"), ">", now - idleMicros));
}

/** The database, or a transaction that may look at the last uses too. */
type SessionReader = Pick<QueryCreator<Pick<Tables, "session" | "session_use" | "user">>, "selectFrom">;

const sessionColumns = [
  "session.id",
  "session.created",
  "session.ip",
  "session.user_agent",
  "session.identity_id",
  "session.token_hash",
  "session_use.last_used",
  "session_use.ip as last_ip",
] as const;

interface SessionRow {
  readonly id: number;
  readonly created: number;
  readonly ip: string | null;
  readonly user_agent: string;
  readonly identity_id: number | null;
  readonly token_hash: Uint8Array;
  readonly last_used: number | null;
  readonly last_ip: string | null;
}

function asSession(row: SessionRow, userId: number, { absoluteMicros, providerMicros }: SessionLifetimes): Session {
  const isByProvider = row.identity_id !== null;
  return {
    id: row.id,
    userId,
    created: row.created,
    expires: row.created + (isByProvider ? providerMicros : absoluteMicros),
    isByProvider,
    ip: row.ip,
    userAgent: row.user_agent,
    lastUsed: row.last_used ?? row.created,
    lastIp: row.last_used === null ? row.ip : row.last_ip,
    fingerprint: sessionFingerprint(row.token_hash),
  };
}
