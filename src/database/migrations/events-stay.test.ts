import assert from "node:assert/strict";
import { test } from "node:test";
import { Kysely, PostgresDialect } from "kysely";
import { freshLocation } from "../../../test/support/databases/databases.ts";
import { openDatabase } from "../opening.ts";
import { createConnectionPool } from "../dialects/postgres.ts";
import type { Tables } from "../tables.ts";
import { eventsStay } from "./0011-events-stay.ts";

test("a role that an earlier version let serve loses the right to update events", async () => {
  await using fresh = await freshLocation("postgres");
  assert(fresh.location.kind === "postgres");
  await (await openDatabase(fresh.location))[Symbol.asyncDispose]();
  const role = `Served before ${process.pid}`;
  await fresh.meddle(`create role "${role}"`);
  try {
    await fresh.meddle(`grant select, insert, update (username, actor_salt) on event to "${role}", public`);
    await undo(fresh.meddle);
    const db = new Kysely<Tables>({
      dialect: new PostgresDialect({ pool: createConnectionPool(fresh.location.url, "building", { max: 1 }) }),
    });
    await eventsStay.up(db, "postgres");
    await db.destroy();
    const rights = await fresh.meddle(
      `select distinct grantee, privilege_type from information_schema.column_privileges
        where table_name = 'event' and grantee in ('PUBLIC', '${role}') order by privilege_type, grantee`,
    );
    assert.deepEqual(
      rights.map(({ grantee, privilege_type: right }) => `${String(right)} ${String(grantee)}`),
      [`INSERT PUBLIC`, `INSERT ${role}`, `SELECT PUBLIC`, `SELECT ${role}`],
    );
  } finally {
    await fresh.meddle(`drop owned by "${role}"`);
    await fresh.meddle(`drop role "${role}"`);
  }
});

/** The guards under the names that they had before the step. */
async function undo(meddle: (statement: string) => Promise<unknown>): Promise<void> {
  for (const name of ["ironlog_event_update", "ironlog_event_needs_action"]) {
    await meddle(`create function ${name}() returns trigger language plpgsql as 'begin return new; end'`);
  }
  for (const name of ["event_erasure_needs_action", "event_erasure_needs_event"]) {
    await meddle(
      `create trigger ${name} before update on event for each row execute function ironlog_event_needs_action()`,
    );
  }
}
