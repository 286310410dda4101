import assert from "node:assert/strict";
import type { Kysely } from "kysely";
import type { Database } from "../../../src/database/database.ts";
import type { TableName } from "../../../src/database/owned-tables.ts";
import { openDatabase } from "../../../src/database/opening.ts";
import { keepBooks } from "../../../src/database/writing/bookkeeping.ts";
import { newestBesideRows } from "../../../src/database/writing/catch-up.ts";
import { readHead } from "../../../src/database/writing/read-head.ts";
import { authenticateRows } from "../../../src/database/writing/row-authentication.ts";
import type { Tables } from "../../../src/database/tables.ts";
import { locationOf, type TestServer } from "../server.ts";

/**
 * Takes the database's guards off tables, so that a test can make a past that it can't wait for, or do what the owner of the tables can. Gives what puts them back:
 * without them no server starts.
 */
export async function takeGuardsOff(
  server: Pick<TestServer, "kind" | "meddle">,
  ...tables: readonly TableName[]
): Promise<() => Promise<void>> {
  if (server.kind === "postgres") {
    const all = async (verb: "disable" | "enable"): Promise<void> => {
      for (const table of tables) await server.meddle(`alter table "${table}" ${verb} trigger user`);
    };
    await all("disable");
    return () => all("enable");
  }
  const names = tables.map((table) => `'${table}'`).join(", ");
  const triggers = await server.meddle(
    `select name, sql from sqlite_master where type = 'trigger' and tbl_name in (${names})`,
  );
  for (const { name } of triggers) await server.meddle(`drop trigger "${String(name)}"`);
  return async () => {
    for (const { sql } of triggers) await server.meddle(String(sql));
  };
}

/** Gives rows that a test has changed by SQL codes of the append key, as if they had always been so, and the head one that vouches for them. The server has stopped. */
export async function vouchForRows(server: TestServer): Promise<void> {
  await using open = await openDatabase(locationOf(server));
  const { appendKeys: keys } = open;
  await keepBooks(open.db, async (books) => {
    const tx = books as unknown as Kysely<Tables>;
    const db = books as unknown as Database;
    await authenticateRows(db, keys, { headKey: null, isChecked: false });
    const head = await readHead(db);
    assert.ok(head !== undefined);
    const newest = { mac: keys.newestMac(await newestBesideRows(db)) };
    await tx
      .updateTable("log_head")
      .set(keys.authenticate(head, newest, null))
      .execute();
  });
}
