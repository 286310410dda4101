import { readsAll } from "../audit/actor.ts";
import type { ActionName } from "../audit/kinds.ts";
import { roleName } from "../audit/kind-words.ts";
import { listUsers } from "../accounts/users/user-queries.ts";
import { readActivities } from "../accounts/users/user-activity.ts";
import type { User } from "../accounts/users/user.ts";
import type { Database } from "../database/database.ts";
import { findTimeBounds } from "../events/filter/time-bounds.ts";
import { listSeenTokens, type SeenToken } from "../tokens/queries.ts";
import { dayMicros } from "../time.ts";

/** What a finding is about, in the order of a review. */
export const findingKinds = ["reads everything", "unused account", "unused key", "endless key", "change"] as const;
export type FindingKind = (typeof findingKinds)[number];

/** One line of a review. Times are in microseconds. */
export interface Finding {
  readonly finding: FindingKind;
  readonly username: string;
  /** In words: the role, the key's name, or what was done. */
  readonly what: string;
  /** Of a role, since when somebody has it; of an account or a key, when it was made; of a change, when it happened. */
  readonly since: number | null;
  /** Who gave the role, or made the change; null where no event tells. */
  readonly by: string | null;
  /** Null for never, and for a change. */
  readonly lastUsed: number | null;
  /** The event that tells of it. */
  readonly event: number | null;
}

/** What is looked at. Times are in microseconds. */
export interface ReviewScope {
  readonly now: number;
  /** Changes from then on are told of. */
  readonly since: number;
  /** What nobody has used for so many days is unused. */
  readonly unusedDays: number;
}

/** A review; `changesLeftOut` older changes are not in it. */
export interface Review {
  readonly findings: readonly Finding[];
  readonly changesLeftOut: number;
}

/** Changes that a review lists: the events have all of them. */
export const changesMax = 1_000;

/** Acts that change who may do what. */
const accessChanges = [
  "user.create",
  "user.delete",
  "user.activate",
  "user.deactivate",
  "user.permission.change",
  "user.break_glass",
  "identity.link",
  "identity.unlink",
  "provider.create",
  "provider.update",
  "provider.delete",
  "user.password.reset",
  "user.factor.reset",
  "token.create",
  "token.delete",
] as const satisfies readonly ActionName[];

/** Looks at everybody's access. */
export async function reviewAccess(db: Database, scope: ReviewScope): Promise<Review> {
  const users = await listUsers(db);
  const activities = await readActivities(db);
  const tokens = await listSeenTokens(db);
  const nameOf = new Map(users.map(({ id, username }) => [id, username]));
  const lastSeen = ({ id }: User) => activities.get(id)?.lastSeen ?? null;
  const before = scope.now - scope.unusedDays * dayMicros;
  const changes = await readChanges(db, scope.since);
  return {
    findings: [
      ...(await Promise.all(users.filter(readsAll).map(async (user) => roleOf(db, user, lastSeen(user))))),
      ...users.flatMap((user) => unusedAccount(user, lastSeen(user), before)),
      ...tokens.filter((token) => isUnused(token, before)).map((token) => keyFinding("unused key", token, nameOf)),
      ...tokens.filter(({ expires }) => expires === null).map((token) => keyFinding("endless key", token, nameOf)),
      ...changes.findings,
    ],
    changesLeftOut: changes.leftOut,
  };
}

/** Since when somebody has a role that reads everything, and who gave it: the newest event that says so. */
async function roleOf(db: Database, user: User, lastUsed: number | null): Promise<Finding> {
  const given = await db
    .selectFrom("event")
    .select(["id", "created", "username", "details"])
    .where("target_id", "=", String(user.id))
    .where("target_kind", "=", "user")
    // What other programs report may say anything.
    .where("source", "=", "ironlog")
    .where("action", "in", ["user.create", "user.permission.change"])
    .orderBy("id", "desc")
    .limit(1)
    .executeTakeFirst();
  return {
    finding: "reads everything",
    username: user.username,
    what: user.isActive ? roleName(user) : `${roleName(user)} (deactivated)`,
    since: given?.created ?? null,
    by: given?.username ?? providerIn(given?.details ?? null),
    lastUsed,
    event: given?.id ?? null,
  };
}

/** A role that a sign-in provider's claim has given was given by nobody here. */
function providerIn(details: string | null): string | null {
  const { provider } = JSON.parse(details ?? "{}") as { readonly provider?: string };
  return provider === undefined ? null : `sign-in provider '${provider}'`;
}

function unusedAccount(user: User, lastUsed: number | null, before: number): readonly Finding[] {
  if (!user.isActive || (lastUsed ?? user.created) >= before) return [];
  const what = roleName(user);
  return [
    { finding: "unused account", username: user.username, what, since: user.created, by: null, lastUsed, event: null },
  ];
}

function isUnused({ lastUsed, created }: SeenToken, before: number): boolean {
  return (lastUsed ?? created) < before;
}

function keyFinding(finding: FindingKind, token: SeenToken, nameOf: ReadonlyMap<number, string>): Finding {
  const { userId, name, created: since, lastUsed } = token;
  return { finding, username: nameOf.get(userId) ?? "", what: name, since, by: null, lastUsed, event: null };
}

async function readChanges(
  db: Database,
  since: number,
): Promise<{ readonly findings: readonly Finding[]; readonly leftOut: number }> {
  const bounds = await findTimeBounds(db, { since });
  if (bounds === undefined) return { findings: [], leftOut: 0 };
  const changes = db
    .selectFrom("event")
    .where("action", "in", accessChanges)
    .where("source", "=", "ironlog")
    .where("id", ">=", bounds.idFrom ?? 0)
    .where("created", ">=", bounds.since ?? 0);
  const newest = await changes
    .select(["id", "created", "username", "target_kind", "target_name", "description", "details"])
    .orderBy("id", "desc")
    .limit(changesMax)
    .execute();
  const { count } = await changes.select(({ fn }) => fn.countAll<number>().as("count")).executeTakeFirstOrThrow();
  return {
    findings: newest.map(({ id, created, username, target_kind, target_name, description, details }) => {
      const told = JSON.parse(details ?? "{}") as { readonly user?: string; readonly os_user?: string };
      // A key is its owner's, whoever made it.
      const whose = target_kind === "user" ? target_name : target_kind === "token" ? (told.user ?? username) : null;
      return {
        finding: "change" as const,
        username: whose ?? "",
        what: description ?? "",
        since: created,
        by: username ?? told.os_user ?? null,
        lastUsed: null,
        event: id,
      };
    }),
    leftOut: count - newest.length,
  };
}
