import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { sql } from "kysely";
import { freshDatabase, type Kind, kinds, migratedLocation } from "../../../test/support/databases/databases.ts";
import { machineActor } from "../../audit/actor.ts";
import { draftEvent } from "../../audit/event-draft.ts";
import { eventRow } from "../../audit/event-row.ts";
import { Refusal } from "../../refusal.ts";
import { keepBooks } from "./bookkeeping.ts";
import { openCopy } from "../opening.ts";
import { type WriteTransaction, writerOf } from "./writer.ts";

const aNote = (kind: Kind): string =>
  `insert into worker_cursor (worker, event_id, leaf_hash, moved) values ('w', 1, ${kind === "sqlite" ? "x''" : "''"}, 1)`;

for (const kind of kinds) {
  test(`whoever comes after the closing is refused, and nobody waits for ever (${kind})`, async () => {
    await using fresh = await migratedLocation(kind);
    const open = await openCopy(fresh.location);
    const writer = writerOf(open.db);
    const group = await writer.begin();
    const waiting = writer.begin();
    const closing = open[Symbol.asyncDispose]();
    const late = Promise.allSettled([writer.begin(), keepBooks(open.db, async () => {})]);
    await group.rollback();
    await (await waiting).rollback();
    await closing;
    for (const outcome of await late) {
      assert(outcome.status === "rejected" && outcome.reason instanceof Refusal);
      assert.equal(outcome.reason.code, "stopping");
    }
  });

  test(`bookkeeping that fails is taken back, and holds nobody up (${kind})`, async () => {
    await using database = await freshDatabase(kind);
    const note = keepBooks(database.db, async (tx) => {
      await sql.raw(aNote(kind)).execute(tx);
      throw new Error("broken on purpose");
    });
    await assert.rejects(note, /broken on purpose/);
    await keepBooks(database.db, async (tx) => sql.raw(aNote(kind)).execute(tx));
    assert.equal((await database.meddle("select * from worker_cursor")).length, 1);
  });

  test(`bookkeeping can't change what people own, even where types are gone around (${kind})`, async () => {
    await using database = await freshDatabase(kind);
    const note = keepBooks(database.db, async (tx) => sql.raw(`insert into "user" ${ada}`).execute(tx));
    await assert.rejects(note, /a change to user needs an open action, and this one has none/);
  });

  test(`an action that ends without its event is refused, and the one before it stays (${kind})`, async () => {
    await using database = await freshDatabase(kind);
    const group = await writerOf(database.db).begin();
    await commitAfter(group, async () => {
      await group.openAction(1);
      const event = eventRow(1, 1, draftEvent("token.create", undefined), machineActor("tester"));
      const head = { last_event_id: 1, last_created: 1, frontier: event.leaf_hash };
      await group.changes();
      await group.closeAction(head, [event], [], []);
      const { tx } = await group.openAction(2);
      await sql.raw(`insert into "user" ${ada}`).execute(tx);
      await group.changes();
      await assert.rejects(group.closeAction(head, [], [], []), /an action ends with its event/);
      await group.undoAction();
    });
    assert.deepEqual(await database.meddle(`select * from "user"`), []);
    assert.equal((await database.meddle("select id from event")).length, 1);
    assert.equal((await database.db.selectFrom("log_head").selectAll().executeTakeFirst())?.last_event_id, 1);
  });

  test(`a statement that comes after its action has ended fails (${kind})`, async () => {
    await using database = await freshDatabase(kind);
    const group = await writerOf(database.db).begin();
    const late = commitAfter(group, async () => {
      const { tx, end } = await group.openAction(1);
      end();
      await sql`select 1`.execute(tx);
    });
    await assert.rejects(late, /was a promise not awaited/);
  });
}

/** Whatever happens, the transaction ends: a database that is closed waits for it. */
async function commitAfter(group: WriteTransaction, work: () => Promise<void>): Promise<void> {
  try {
    await work();
    await group.commit();
  } catch (error) {
    await group.rollback();
    throw error;
  }
}

const ada = `(username, last_name, email, password_hash, is_superuser, is_active, created, updated)
  values ('ada', '', '', 'x', 1, 1, 1, 1)`;

test("a commit that PostgreSQL answers with a rollback is no commit", async () => {
  await using database = await freshDatabase("postgres");
  const group = await writerOf(database.db).begin();
  const committed = commitAfter(group, async () => {
    const { tx } = await group.openAction(1);
    await assert.rejects(sql`select 1 / 0`.execute(tx), /division by zero/);
  });
  await assert.rejects(committed, /took the whole transaction back/);
  const note = keepBooks(database.db, async (books) => {
    await assert.rejects(sql`select 1 / 0`.execute(books), /division by zero/);
  });
  await assert.rejects(note, /took the whole transaction back/);
});

test("a change waits for another program that holds the SQLite file locked, without stopping this one", async () => {
  await using database = await freshDatabase("sqlite");
  assert(database.location.kind === "sqlite");
  const other = new DatabaseSync(database.location.file);
  other.exec("begin immediate");
  let hasBegun = false;
  const beginning = writerOf(database.db)
    .begin()
    .then((group) => {
      hasBegun = true;
      return group;
    });
  // Turns of the event loop go by, and reading goes on.
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  assert.equal((await database.db.selectFrom("log_head").selectAll().execute()).length, 1);
  assert.equal(hasBegun, false);
  other.close();
  await (await beginning).rollback();
});
