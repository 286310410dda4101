import assert from "node:assert/strict";
import { test } from "node:test";
import { sql } from "kysely";
import { createUser } from "../../src/accounts/users/user-actions.ts";
import { defineAction } from "../../src/audit/action.ts";
import { draftEvent } from "../../src/audit/event-draft.ts";
import { perform } from "../../src/audit/perform.ts";
import type { Database } from "../../src/database/database.ts";
import type { EventTable } from "../../src/database/tables.ts";
import { freshDatabase, kinds } from "../support/databases/databases.ts";
import { assertSoundLog, groupColumns, groupNames, listRows } from "./sound-log.ts";
import { actorFor, machine, newUser } from "../support/worlds/database-world.ts";

/** Types keep actions away from the log, so this one goes around them: only the database is left to refuse. */
const runStatement = defineAction({
  async run(tx, statement: string) {
    await sql.raw(statement).execute(tx);
  },
  events: (_result, statement) => [draftEvent("operation.refuse", { operation: statement })],
});

for (const kind of kinds) {
  test(`every change to an event is refused, in an action and outside (${kind})`, async () => {
    await using database = await freshDatabase(kind);
    const before = await record(database.db);
    for (const [change, statement] of Object.entries(forbiddenChanges)) {
      await assert.rejects(perform(database.db, machine, runStatement, statement), appendOnly, change);
      await assert.rejects(database.meddle(statement), appendOnly, change);
      assert.deepEqual(await listRows(database.db), [before], change);
    }
    await assertSoundLog(database);
  });
}

const forbiddenChanges = {
  ...Object.fromEntries(groupNames.map((group) => [`the ${group} erased with its salt`, erasureOf(group)])),
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
  "other commitments": "update event set commitments = leaf_hash where id = 1",
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
