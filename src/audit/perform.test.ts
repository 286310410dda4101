import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { freshDatabase, kinds } from "../../test/support/databases/databases.ts";
import { Refusal } from "../refusal.ts";
import { defineAction, type Tx } from "./action.ts";
import { machineActor } from "./actor.ts";
import { draftEvent } from "./event-draft.ts";
import { perform } from "./perform.ts";

const actor = machineActor("tester");

const addUser = defineAction({
  async run(tx, username: string) {
    await insertUser(tx, username);
    return username;
  },
  events: (username) => [draftEvent("user.create", { username, isSuperuser: false })],
});

const refuse = defineAction({
  async run(tx, username: string): Promise<void> {
    await insertUser(tx, username);
    throw new Refusal("conflict", "no");
  },
  events: () => [draftEvent("token.create", undefined)],
});

for (const kind of kinds) {
  test(`an action and its event are recorded together (${kind})`, async () => {
    await using database = await freshDatabase(kind);
    assert.equal(await perform(database.db, actor, addUser, "ada"), "ada");
    const events = await database.db.selectFrom("event").selectAll().execute();
    assert.equal(events.length, 1);
    assert.equal(events[0]?.id, 1);
    assert.equal(events[0]?.description, "Created user 'ada'.");
    assert.equal(events[0]?.details, '{"os_user":"tester"}');
    assert.deepEqual(await usernames(database.db), ["ada"]);
  });

  test(`a refused action leaves no change and no event, and the others of its group stay (${kind})`, async () => {
    await using database = await freshDatabase(kind);
    const outcomes = await Promise.allSettled([
      perform(database.db, actor, addUser, "ada"),
      perform(database.db, actor, refuse, "bob"),
      perform(database.db, actor, addUser, "ada"),
      perform(database.db, actor, addUser, "cid"),
    ]);
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      ["fulfilled", "rejected", "rejected", "fulfilled"],
    );
    assert.deepEqual(await usernames(database.db), ["ada", "cid"]);
    const ids = await database.db.selectFrom("event").select("id").orderBy("id").execute();
    assert.deepEqual(
      ids.map(({ id }) => id),
      [1, 2],
    );
  });

  test(`a change without an event is refused by the database itself (${kind})`, async () => {
    await using database = await freshDatabase(kind);
    await perform(database.db, actor, addUser, "ada");
    await assert.rejects(database.meddle(`delete from "user"`), /needs an open action/);
    await assert.rejects(database.meddle("delete from event"), /only be appended to/);
    await assert.rejects(database.meddle("update event set description = 'x'"), /only be appended to/);
    await assert.rejects(database.meddle("update log_head set last_event_id = 0"), /head of the log/);
    await assert.rejects(
      database.meddle(
        `insert into event (id, level, type, action, outcome, source, created, commitments, leaf_hash) select 2, level, type, action, outcome, source, created, commitments, leaf_hash from event`,
      ),
      /open action/,
    );
  });
}

test("however many wait for a database that is held up, each is refused in bounded time (sqlite)", async () => {
  await using database = await freshDatabase("sqlite");
  assert(database.location.kind === "sqlite");
  const other = new DatabaseSync(database.location.file);
  other.exec("begin immediate");
  // Five groups, of which each waits for 10 seconds.
  const names = Array.from({ length: 300 }, (_, at) => `user-${at}`);
  const outcomes = await Promise.allSettled(names.map((name) => perform(database.db, actor, addUser, name)));
  other.close();
  for (const { status, ...outcome } of outcomes) {
    assert.equal(status, "rejected");
    assert("reason" in outcome && outcome.reason instanceof Refusal);
    // Those who wait are told by the queue, those whose turn it was by the database.
    const isQueued = /changes are waiting/.test(outcome.reason.message);
    assert.equal(outcome.reason.code, isQueued ? "queue_full" : "overloaded");
    assert.match(outcome.reason.message, /Nothing was changed/);
    assert.notEqual(outcome.reason.retryAfterSeconds, undefined);
  }
  // Two groups have had their turn at most, and a third may have begun; the others are told while they wait.
  const told = outcomes.filter(
    (outcome) =>
      outcome.status === "rejected" && outcome.reason instanceof Refusal && outcome.reason.code === "queue_full",
  );
  assert(told.length >= names.length - 3 * 64, `${told.length} were told before their turn`);
  assert.equal(await perform(database.db, actor, addUser, "ada"), "ada");
  assert.deepEqual(await usernames(database.db), ["ada"]);
});

async function insertUser(tx: Tx, username: string): Promise<void> {
  await tx
    .insertInto("user")
    .values({
      username,
      last_name: "",
      email: "",
      email_key: null,
      password_hash: "x",
      is_superuser: 0,
      is_active: 1,
      created: 1,
      updated: 1,
    })
    .execute();
}

async function usernames(db: Parameters<typeof perform>[0]): Promise<readonly string[]> {
  return (await db.selectFrom("user").select("username").orderBy("username").execute()).map(({ username }) => username);
}
