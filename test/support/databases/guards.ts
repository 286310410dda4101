import type { Database } from "../../../src/database/database.ts";
import type { TableName } from "../../../src/database/owned-tables.ts";
import { openDatabase } from "../../../src/database/opening.ts";
import { keepBooks } from "../../../src/database/writing/bookkeeping.ts";
import { authenticateRows } from "../../../src/database/writing/row-authentication.ts";
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

/** Gives rows that a test has changed by SQL codes of the append key, as if they had always been so. The server has stopped. */
export async function vouchForRows(server: TestServer): Promise<void> {
  await using open = await openDatabase(locationOf(server));
  await keepBooks(open.db, (tx) =>
    authenticateRows(tx as unknown as Database, open.appendKeys, { headKey: null, isChecked: false }),
  );
}
