import assert from "node:assert/strict";
import { test } from "node:test";
import { sql } from "kysely";
import { createUser } from "../../src/accounts/user-actions.ts";
import { defineAction } from "../../src/audit/action.ts";
import { draftEvent } from "../../src/audit/event-draft.ts";
import { perform } from "../../src/audit/perform.ts";
import type { Database } from "../../src/database/database.ts";
import type { EventTable } from "../../src/database/tables.ts";
import { freshDatabase, kinds } from "../support/databases.ts";
import { assertSoundLog, groupColumns, groupNames, listRows } from "./sound-log.ts";
import { actorFor, machine, newUser } from "./world.ts";

/** Types keep actions away from the log, so this one goes around them: only the database is left to refuse. */
const runStatement = defineAction({
  async run(tx, statement: string) {
    await sql.raw(statement).execute(tx);
  },
  events: (_result, statement) => [draftEvent("operation.refuse", { operation: statement })],
});

for (const kind of kinds) {
  for (const group of groupNames) {
    test(`an action may erase a whole personal group, and every hash stays: ${group} (${kind})`, async () => {
      await using database = await freshDatabase(kind);
      const before = await record(database.db);
      await perform(database.db, machine, runStatement, erasureOf(group));
      const [after] = await listRows(database.db);
      const erased = Object.fromEntries([...groupColumns[group], `${group}_salt`].map((column) => [column, null]));
      assert.deepEqual({ ...after }, { ...before, ...erased });
      await assertSoundLog(database);
    });
  }

  test(`an action may erase all four at once, and once more (${kind})`, async () => {
    await using database = await freshDatabase(kind);
    const before = await record(database.db);
    const sets = groupNames.map((group) => erasureOf(group).replace(/^update event set | where id = 1$/g, ""));
    const statement = `update event set ${sets.join(", ")} where id = 1`;
    await perform(database.db, machine, runStatement, statement);
    await perform(database.db, machine, runStatement, statement);
    const [after] = await listRows(database.db);
    assert.deepEqual(after?.leaf_hash, before.leaf_hash);
    await assertSoundLog(database);
  });

  test(`an erasure outside an action is refused (${kind})`, async () => {
    await using database = await freshDatabase(kind);
    const before = await record(database.db);
    for (const group of groupNames) await assert.rejects(database.meddle(erasureOf(group)), appendOnly);
    assert.deepEqual(await listRows(database.db), [before]);
  });

  test(`every other change to an event is refused even to an action (${kind})`, async () => {
    await using database = await freshDatabase(kind);
    const before = await record(database.db);
    for (const [change, statement] of Object.entries(forbiddenChanges)) {
      await assert.rejects(perform(database.db, machine, runStatement, statement), appendOnly, change);
      assert.deepEqual(await listRows(database.db), [before], change);
    }
    await assertSoundLog(database);
  });

  test(`what was erased can't be filled in again (${kind})`, async () => {
    await using database = await freshDatabase(kind);
    await record(database.db);
    await perform(database.db, machine, runStatement, erasureOf("actor"));
    const rows = await listRows(database.db);
    for (const column of ["username = 'ada'", "user_id = 1", "actor_salt = leaf_hash"]) {
      const statement = `update event set ${column} where id = 1`;
      await assert.rejects(perform(database.db, machine, runStatement, statement), appendOnly);
    }
    assert.deepEqual(await listRows(database.db), rows);
  });
}

const forbiddenChanges = {
  "half an erasure, which keeps the salt": "update event set user_id = null, username = null where id = 1",
  "half an erasure, which keeps a value": "update event set username = null, actor_salt = null where id = 1",
  "an erasure with a change beside it": erasureOf("actor").replace(" where", ", hostname = 'x' where"),
  "another name": "update event set username = 'bob' where id = 1",
  "another description": "update event set description = 'nothing to see' where id = 1",
  "another salt": "update event set node_salt = actor_salt where id = 1",
  "another outcome": "update event set outcome = 'failure' where id = 1",
  "another time": "update event set created = created + 1 where id = 1",
  "another time of occurrence": "update event set occurred = 1 where id = 1",
  "another level": "update event set level = 10 where id = 1",
  "another place": "update event set id = 2 where id = 1",
  "other commitments": "update event set sealed = leaf_hash where id = 1",
  "another leaf hash": "update event set leaf_hash = actor_salt where id = 1",
  "a deletion": "delete from event where id = 1",
};

/** The triggers say it, or on SQLite the connection itself. */
const appendOnly = /the log can only be appended to|not authorized/;

function erasureOf(group: (typeof groupNames)[number]): string {
  const columns = [...groupColumns[group], `${group}_salt`].map((column) => `${column} = null`);
  return `update event set ${columns.join(", ")} where id = 1`;
}

/** Records one event, and gives its row. */
async function record(db: Database): Promise<EventTable> {
  const ada = { id: 1, username: "ada", isSuperuser: true };
  await perform(db, actorFor(ada), createUser, newUser("bob"));
  const [row] = await listRows(db);
  assert(row !== undefined);
  return row;
}
