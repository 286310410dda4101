import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { sql } from "kysely";
import { freshDatabase, freshLocation, kinds } from "../../test/support/databases.ts";
import { Refusal } from "../refusal.ts";
import { keepBooks } from "./bookkeeping.ts";
import { openDatabase } from "./database.ts";
import { writerOf } from "./writer.ts";

for (const kind of kinds) {
  test(`whoever comes after the closing is refused, and nobody waits for ever (${kind})`, async () => {
    await using fresh = await freshLocation(kind);
    const open = await openDatabase(fresh.location);
    const writer = writerOf(open.db);
    const group = await writer.begin();
    const waiting = writer.begin();
    const closing = open[Symbol.asyncDispose]();
    const late = [writer.begin(), keepBooks(open.db, async () => {})];
    await group.rollback();
    await (await waiting).rollback();
    await closing;
    for (const outcome of await Promise.allSettled(late)) {
      assert(outcome.status === "rejected" && outcome.reason instanceof Refusal);
      assert.equal(outcome.reason.code, "unavailable");
    }
  });

  test(`bookkeeping that fails is taken back, and holds nobody up (${kind})`, async () => {
    await using database = await freshDatabase(kind);
    const note = keepBooks(database.db, async (tx) => {
      await sql.raw("create table note (id integer)").execute(tx);
      throw new Error("broken on purpose");
    });
    await assert.rejects(note, /broken on purpose/);
    await keepBooks(database.db, async (tx) => sql.raw("create table note (id integer)").execute(tx));
    assert.deepEqual(await database.meddle("select * from note"), []);
  });

  test(`bookkeeping can't change what people own, even where types are gone around (${kind})`, async () => {
    await using database = await freshDatabase(kind);
    const note = keepBooks(database.db, async (tx) => sql.raw(`insert into "user" ${ada}`).execute(tx));
    await assert.rejects(note, /a change to user needs an open action, and this one has none/);
  });

  test(`an action that ends without its event is refused (${kind})`, async () => {
    await using database = await freshDatabase(kind);
    const group = await writerOf(database.db).begin();
    const { tx, end } = await group.openAction(1);
    await sql.raw(`insert into "user" ${ada}`).execute(tx);
    end();
    const refused =
      kind === "sqlite" ? /an action ends with its event/ : /the log is its last event|ends with its event/;
    await assert.rejects(group.closeAction({ last_event_id: 0, last_created: 0 }), refused);
    await group.undoAction();
    await group.commit();
    assert.deepEqual(await database.meddle(`select * from "user"`), []);
  });

  test(`a statement that comes after its action has ended fails (${kind})`, async () => {
    await using database = await freshDatabase(kind);
    const group = await writerOf(database.db).begin();
    const { tx, end } = await group.openAction(1);
    end();
    await assert.rejects(sql`select 1`.execute(tx), /was a promise not awaited/);
    await group.rollback();
  });
}

const ada = `(username, last_name, email, password_hash, is_superuser, is_active, created, updated)
  values ('ada', '', '', 'x', 1, 1, 1, 1)`;

test("a commit that PostgreSQL answers with a rollback is no commit", async () => {
  await using database = await freshDatabase("postgres");
  const group = await writerOf(database.db).begin();
  const { tx } = await group.openAction(1);
  await assert.rejects(sql`select 1 / 0`.execute(tx), /division by zero/);
  await assert.rejects(group.commit(), /took the whole transaction back/);
  await group.rollback();
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
