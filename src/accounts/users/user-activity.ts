import { auditLevel } from "../../audit/event-row.ts";
import type { Database } from "../../database/database.ts";
import type { User } from "./user.ts";

/** What is known of a user beside the profile. */
export interface UserActivity {
  /** Their last recorded act, or the last use of a session or key that is still stored; microseconds, null for never. */
  readonly lastSeen: number | null;
  readonly apiKeys: number;
  readonly sshKeys: number;
  readonly sslKeys: number;
}

const none: UserActivity = { lastSeen: null, apiKeys: 0, sshKeys: 0, sslKeys: 0 };

/** The activity of one user, or of everybody, by user id. */
export async function readActivities(db: Database, userId?: number): Promise<ReadonlyMap<number, UserActivity>> {
  const rows = await db
    .selectFrom("user")
    .select(({ selectFrom }) => [
      "user.id",
      // Along the index on user and level: the newest ones alone are looked at, and failures are other people's guesses.
      selectFrom("event")
        .select("event.created")
        .whereRef("event.user_id", "=", "user.id")
        .where("event.level", "=", auditLevel)
        .where("event.outcome", "=", "success")
        .where("event.source", "=", "ironlog")
        .orderBy("event.id", "desc")
        .limit(1)
        .as("last_act"),
      selectFrom("session")
        .leftJoin("session_use", "session_use.session_id", "session.id")
        .select(({ fn }) => fn.max(fn.coalesce("session_use.last_used", "session.created")).as("last_use"))
        .whereRef("session.user_id", "=", "user.id")
        .as("last_session_use"),
      selectFrom("token")
        .innerJoin("token_use", "token_use.token_id", "token.id")
        .select(({ fn }) => fn.max("token_use.last_used").as("last_use"))
        .whereRef("token.user_id", "=", "user.id")
        .as("last_key_use"),
      selectFrom("token")
        .select(({ fn }) => fn.countAll<number>().as("count"))
        .whereRef("token.user_id", "=", "user.id")
        .as("api_keys"),
      selectFrom("ssh_key")
        .select(({ fn }) => fn.countAll<number>().as("count"))
        .whereRef("ssh_key.user_id", "=", "user.id")
        .as("ssh_keys"),
      selectFrom("ssl_key")
        .select(({ fn }) => fn.countAll<number>().as("count"))
        .whereRef("ssl_key.user_id", "=", "user.id")
        .as("ssl_keys"),
    ])
    .$if(userId !== undefined, (query) => query.where("user.id", "=", userId ?? 0))
    .execute();
  return new Map(
    rows.map(({ id, last_act, last_session_use, last_key_use, api_keys, ssh_keys, ssl_keys }) => [
      id,
      {
        lastSeen: Math.max(last_act ?? 0, last_session_use ?? 0, last_key_use ?? 0) || null,
        apiKeys: api_keys ?? 0,
        sshKeys: ssh_keys ?? 0,
        sslKeys: ssl_keys ?? 0,
      },
    ]),
  );
}

/** The activity of one user. */
export async function readActivity(db: Database, { id }: User): Promise<UserActivity> {
  return (await readActivities(db, id)).get(id) ?? none;
}

/**
 * When somebody logged in last, in microseconds; null for never. Looked for among what was done to the user, which is
 * little, and not among what the user has done, which has no bound.
 */
export async function findLastLogin(db: Database, { id, username }: User): Promise<number | null> {
  const login = await db
    .selectFrom("event")
    .select("created")
    .where("target_name", "=", username)
    .where("user_id", "=", id)
    .where("action", "=", "auth.login")
    .orderBy("id", "desc")
    .limit(1)
    .executeTakeFirst();
  return login?.created ?? null;
}
