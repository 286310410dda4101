import type { Database } from "../../../src/database/database.ts";
import { openDatabase } from "../../../src/database/opening.ts";
import { keepBooks } from "../../../src/database/writing/bookkeeping.ts";
import { authenticateRows } from "../../../src/database/writing/row-authentication.ts";
import { locationOf, type TestServer } from "../server.ts";

/** The guards of the audited tables, taken away as the owner of the tables can, and brought back. */
export interface Unguarded extends Disposable {
  restore(): Promise<void>;
}

/** Lets SQL change audited tables without a note of it. */
export async function unguard(
  { kind, meddle }: TestServer,
  tables: readonly string[] = ["user", "session", "token"],
): Promise<Unguarded> {
  if (kind === "postgres") {
    const all = async (verb: string): Promise<void> => {
      for (const table of tables) await meddle(`alter table "${table}" ${verb} trigger user`);
    };
    await all("disable");
    return { restore: () => all("enable"), [Symbol.dispose]() {} };
  }
  const triggers = await meddle(
    `select name, sql from sqlite_schema where type = 'trigger'
      and tbl_name in (${tables.map((table) => `'${table}'`).join(", ")})`,
  );
  for (const { name } of triggers) await meddle(`drop trigger ${String(name)}`);
  return {
    async restore() {
      for (const { sql } of triggers) await meddle(String(sql));
    },
    [Symbol.dispose]() {},
  };
}

/** Gives rows that a test has changed by SQL codes of the append key, as if they had always been so. The server has stopped. */
export async function vouchForRows(server: TestServer): Promise<void> {
  await using open = await openDatabase(locationOf(server));
  await keepBooks(open.db, (tx) =>
    authenticateRows(tx as unknown as Database, open.appendKeys, { headKey: null, isChecked: false }),
  );
}
