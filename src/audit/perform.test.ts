import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { freshDatabase, kinds } from "../../test/support/databases/databases.ts";
import { sql } from "kysely";
import { Refusal } from "../refusal.ts";
import { defineAction, type Draft, type Tx } from "./action.ts";
import { machineActor } from "./actor.ts";
import { draftEvent } from "./event-draft.ts";
import { afterActions, perform } from "./perform.ts";

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

/** Records so many events, and then keeps the process from reading any answer until all of them have come. */
const say = defineAction({
  async run(_tx, count: number) {
    return count;
  },
  events(count) {
    setImmediate(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300));
    return Array.from({ length: count }, () => draftEvent("token.create", undefined)) as [Draft, ...Draft[]];
  },
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

  test(`actions of a group whose answers come at once leave the head at the last of them (${kind})`, async () => {
    await using database = await freshDatabase(kind);
    await perform(database.db, actor, say, 1);
    // The first completes a tile, so that there is more to wait for than of the second.
    await Promise.all([300, 1].map((count) => perform(database.db, actor, say, count)));
    const head = await database.db.selectFrom("log_head").selectAll().executeTakeFirst();
    assert.equal(head?.last_event_id, 302);
  });

  test(`whoever gives way goes on when all actions are recorded, or when patience ends (${kind})`, async () => {
    await using database = await freshDatabase(kind);
    const { promise: held, resolve: go } = Promise.withResolvers<void>();
    const wait = defineAction({ run: () => held, events: () => [draftEvent("token.create", undefined)] });
    await afterActions(database.db, 1e9);
    const recorded: string[] = [];
    const acts = [wait, wait].map(async (action) => {
      await perform(database.db, actor, action, undefined);
      recorded.push("act");
    });
    await afterActions(database.db, 1);
    assert.equal(recorded.length, 0, "patience has ended");
    const gaveWay = afterActions(database.db, 1e9).then(() => recorded.push("after"));
    go();
    await Promise.all([...acts, gaveWay]);
    assert.deepEqual(recorded, ["act", "act", "after"]);
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

test("what PostgreSQL doesn't hand over of a change fails the group as a whole: nothing of it is left", async () => {
  await using database = await freshDatabase("postgres");
  const miscount = defineAction({
    async run(tx) {
      await sql`select set_config('ironlog.changes', '7', true)`.execute(tx);
    },
    events: () => [draftEvent("token.create", undefined)],
  });
  await perform(database.db, actor, addUser, "ada");
  const outcomes = await Promise.allSettled([
    perform(database.db, actor, addUser, "bob"),
    perform(database.db, actor, miscount, undefined),
    perform(database.db, actor, addUser, "dan"),
  ]);
  for (const outcome of outcomes) assert.match(String("reason" in outcome && outcome.reason), /was not handed over/);
  assert.equal(await perform(database.db, actor, addUser, "cid"), "cid");
  assert.deepEqual(await usernames(database.db), ["ada", "cid"]);
});

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
