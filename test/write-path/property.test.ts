import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import fc from "fast-check";
import { logIn, logOut } from "../../src/accounts/sessions/session-actions.ts";
import {
  changePassword,
  createUser,
  deleteUser,
  resetPassword,
  updateUser,
} from "../../src/accounts/users/user-actions.ts";
import type { UserChanges } from "../../src/accounts/users/user-rows.ts";
import type { User } from "../../src/accounts/users/user.ts";
import { listUsers } from "../../src/accounts/users/user-queries.ts";
import { type Action, defineAction, type Draft } from "../../src/audit/action.ts";
import type { Actor } from "../../src/audit/actor.ts";
import { draftEvent } from "../../src/audit/event-draft.ts";
import { refuseOperation } from "../../src/audit/machine-actions.ts";
import { perform } from "../../src/audit/perform.ts";
import type { Database } from "../../src/database/database.ts";
import { openDatabase } from "../../src/database/opening.ts";
import { Refusal } from "../../src/refusal.ts";
import { createToken, deleteToken, renameToken } from "../../src/tokens/actions.ts";
import { freshDatabase, type Kind, kinds } from "../support/databases/databases.ts";
import { assertSoundLog, listRows } from "./sound-log.ts";
import {
  actorFor,
  createPerson,
  hashOf,
  machine,
  newSession,
  newToken,
  newUser,
  now,
  rightPassword,
} from "../support/worlds/database-world.ts";

/** Every run makes a database of its own, and PostgreSQL needs a while for that. */
const runs: Readonly<Record<Kind, number>> = { sqlite: 40, postgres: 15 };

for (const kind of kinds) {
  test(`for any acts at once from two servers, the log tells exactly those that happened (${kind})`, async () => {
    const property = fc.asyncProperty(fc.array(anyAct, { minLength: 1, maxLength: 40 }), async (acts) => {
      await using database = await freshDatabase(kind);
      await using other = await openDatabase(database.location);
      const people = await makePeople(database.db);
      const servers = [database.db, other.db] as const;
      const readers = servers.map((db) => new Follower(db));
      const over = new AbortController();
      const reading = Promise.allSettled(readers.map((reader) => reader.follow(over.signal)));
      const outcomes = await Promise.allSettled(
        acts.map(async ({ server, turnsBefore, ...act }, index) => {
          for (let turn = 0; turn < turnsBefore; turn += 1) await nextTurn();
          return start(act, people, `act-${index}`)(servers[server]);
        }),
      );
      over.abort();
      for (const read of await reading) if (read.status === "rejected") throw read.reason;
      await assertSoundLog(database);
      await assertTold(database.db, outcomes);
      await assertReplays(database.db, people);
      const last = (await listRows(database.db)).length;
      for (const reader of readers) {
        while (await reader.poll());
        assert.equal(reader.last, last, "a reader that follows has seen every event");
      }
    });
    await fc.assert(property, { numRuns: runs[kind] });
  });

  test(`two servers can't each take away the other's last administrator (${kind})`, async () => {
    await using database = await freshDatabase(kind);
    await using other = await openDatabase(database.location);
    const { ada, bea } = await makePeople(database.db);
    const demote = (db: Database, by: User, username: string) =>
      perform(db, actorFor(by), updateUser, { username, changes: { isSuperuser: false }, now });
    const outcomes = await Promise.allSettled([demote(database.db, ada, "bea"), demote(other.db, bea, "ada")]);
    assert.deepEqual(outcomes.map(({ status }) => status).sort(), ["fulfilled", "rejected"]);
    const refused = outcomes.find((outcome) => outcome.status === "rejected");
    assert(refused?.reason instanceof Refusal);
    assert.equal(refused.reason.code, "conflict");
    assert.match(refused.reason.message, /is the last active administrator/);
    await assertSoundLog(database);
  });
}

type People = Readonly<Record<"ada" | "bea" | "cid" | "dee", User>>;
const names = ["ada", "bea", "cid", "dee"] as const;
type Name = (typeof names)[number];

/** Two administrators and two users, each with a session and an API token. */
async function makePeople(db: Database): Promise<People> {
  const people: Partial<Record<Name, User>> = {};
  for (const name of names) {
    const isAdministrator = name === "ada" || name === "bea";
    const { user } = await createPerson(db, { username: name, isAdministrator });
    await perform(db, machine, createToken, { ...newToken(name), userId: user.id });
    await perform(db, machine, logIn, { attempt: rightPassword(user), session: newSession(name) });
    people[name] = user;
  }
  // The loop has made all of them.
  return people as People;
}

const anyName = fc.constantFrom(...names);
const anyAct = fc.record({
  what: fc.constantFrom(
    "create",
    "delete",
    // Three times as often: here the last administrator is at stake.
    "update",
    "update",
    "update",
    "change password",
    "reset password",
    "log in",
    "fail to log in",
    "log out",
    "create token",
    "rename token",
    "delete token",
    "be refused",
    "break",
  ),
  by: anyName,
  to: anyName,
  /** Of two new users or tokens the second is refused: the first by the action, the second by the database. */
  fresh: fc.constantFrom("eve", "fay", "gus"),
  changes: fc.constantFrom<UserChanges>(
    { isSuperuser: false },
    { isSuperuser: true },
    { isActive: false },
    { isActive: true },
    { email: "taken@example.com" },
    { lastName: "Ångström", isSuperuser: false },
  ),
  server: fc.constantFrom(0, 1),
  turnsBefore: fc.nat({ max: 4 }),
});
type Act = Omit<typeof anyAct extends fc.Arbitrary<infer Value> ? Value : never, "server" | "turnsBefore">;

/** What the act's events are to say, once it is done. */
type Started = (db: Database) => Promise<readonly Draft[]>;

function start({ what, by, to, fresh, changes }: Act, people: People, traceId: string): Started {
  const actor = actorFor(people[by], traceId);
  const nobody: Actor = { ...actor, user: null };
  const user = people[to];
  const sessionKey = `${fresh}-${traceId}`;
  switch (what) {
    case "create":
      return act(actor, createUser, newUser(fresh));
    case "delete":
      return act(actor, deleteUser, { username: to, now });
    case "update":
      return act(actor, updateUser, { username: to, changes, now });
    case "change password":
      return act(actor, changePassword, {
        userId: people[by].id,
        checkedHash: hashOf(by),
        newHash: hashOf(fresh),
        now,
      });
    case "reset password":
      return act(actor, resetPassword, { username: to, newHash: hashOf(fresh), now });
    case "log in":
      return act(nobody, logIn, { attempt: rightPassword(user), session: newSession(sessionKey) });
    case "fail to log in": {
      const attempt = { account: undefined, isPasswordRight: false };
      return act(nobody, logIn, { attempt, session: newSession(sessionKey) });
    }
    case "log out":
      return act(actor, logOut, { sessionId: names.indexOf(by) + 1, username: by });
    case "create token":
      return act(actor, createToken, { ...newToken(fresh), userId: people[by].id });
    case "rename token":
      return act(actor, renameToken, { userId: people[by].id, tokenKey: newToken(by).tokenKey, name: fresh });
    case "delete token":
      return act(actor, deleteToken, {
        userId: people[by].id,
        username: by,
        tokenKey: newToken(by).tokenKey,
        now,
      });
    case "be refused":
      return act(actor, refuseOperation, { operation: "users create", path: "/MAAS/api/2.0/users/" });
    case "break":
      return act(actor, createAndBreak, fresh);
  }
}

function act<Input, Result>(actor: Actor, action: Action<Input, Result>, input: Input): Started {
  return async (db) => action.events(await perform(db, actor, action, input), input, actor);
}

/** It breaks once it has written. */
const createAndBreak = defineAction({
  async run(tx, username: string) {
    const { email, lastName, passwordHash } = newUser(username);
    const row = { username, email, last_name: lastName, email_key: null, password_hash: passwordHash };
    await tx
      .insertInto("user")
      .values({ ...row, is_superuser: 1, is_active: 1, created: now, updated: now })
      .execute();
    throw new Error("broken on purpose");
  },
  events: () => [draftEvent("token.create", undefined)],
});

/** Reads the log as the API's clients do, while others write: B8 of the contract. */
class Follower {
  readonly #db: Database;
  last = 0;

  constructor(db: Database) {
    this.#db = db;
  }

  async follow(until: AbortSignal): Promise<void> {
    while (!until.aborted) {
      await this.poll();
      await nextTurn();
    }
  }

  /** Reads the next page. Returns whether there was anything new. */
  async poll(): Promise<boolean> {
    const page = await this.#db
      .selectFrom("event")
      .select("id")
      .where("id", ">", this.last)
      .orderBy("id")
      .limit(10)
      .execute();
    for (const { id } of page) {
      assert.equal(id, this.last + 1, "a reader that follows finds no gap");
      this.last = id;
    }
    const administrators = await this.#db
      .selectFrom("user")
      .select("id")
      .where("is_superuser", "=", 1)
      .where("is_active", "=", 1)
      .execute();
    // The first administrator comes with the first event, before anybody reads.
    assert(administrators.length > 0, "there is always an active administrator");
    return page.length > 0;
  }
}

/** Every act that succeeded has its events exactly once; one that did not has none. */
async function assertTold(db: Database, outcomes: readonly PromiseSettledResult<readonly Draft[]>[]): Promise<void> {
  const events = await listRows(db);
  for (const [index, outcome] of outcomes.entries()) {
    const told = events.filter((event) => event.trace_id === `act-${index}`);
    const expected = outcome.status === "fulfilled" ? outcome.value : [];
    assert.deepEqual(
      told.map(({ action, outcome, description }) => ({ action, outcome, description })),
      expected.map(({ action, outcome = "success", description }) => ({ action, outcome, description })),
    );
    // Expected are refusals, the act that breaks, two tokens with the same key, and a token for somebody who is gone.
    if (outcome.status === "rejected" && !(outcome.reason instanceof Refusal)) {
      assert.match(String(outcome.reason), /broken on purpose|(unique|foreign key) constraint/i);
    }
  }
}

/** Who there is follows from the log alone. */
async function assertReplays(db: Database, people: People): Promise<void> {
  const known = new Map<string, { isSuperuser: boolean; isActive: boolean }>();
  for (const { action, target_name, description } of await listRows(db)) {
    const name = target_name ?? "";
    const user = known.get(name);
    if (action === "user.create") known.set(name, { isSuperuser: / admin '/.test(description ?? ""), isActive: true });
    if (action === "user.delete") known.delete(name);
    if (action === "user.permission.change" && user !== undefined) user.isSuperuser = !user.isSuperuser;
    if (action === "user.activate" && user !== undefined) user.isActive = true;
    if (action === "user.deactivate" && user !== undefined) user.isActive = false;
  }
  const users = await listUsers(db);
  assert.deepEqual(
    users.map(({ username, isSuperuser, isActive }) => [username, { isSuperuser, isActive }]),
    [...known].sort(([a], [b]) => (a < b ? -1 : 1)),
  );
  assert(users.every(({ id, username }) => !(username in people) || people[username as Name].id === id));
}
