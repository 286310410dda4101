import assert from "node:assert/strict";
import { globSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { sql } from "kysely";
import { openForReading } from "./database/reading.ts";
import { freshLocation, kinds } from "../test/support/databases/databases.ts";
import { openDatabase } from "./database/opening.ts";
import { allTables, namesOfTables } from "./database/owned-tables.ts";
import { slices, tablesOfAll } from "./slices.ts";

/** What only the database's own code touches. */
const ownOfTheDatabase = /^(kysely_|sqlite_)|^(open_action|row_change|nonce|nonce_start|worker_lease)$/;

test("every slice is the face of its folder", () => {
  const folders = globSync("*/slice.ts", { cwd: import.meta.dirname }).map((file) => path.dirname(file));
  assert.deepEqual(slices.map(({ name }) => name).toSorted(), folders.toSorted());
});

for (const kind of kinds) {
  test(`every table has one owner, and every owned table is there (${kind})`, async () => {
    await using fresh = await freshLocation(kind);
    await (await openDatabase(fresh.location))[Symbol.asyncDispose]();
    await using reading = await openForReading(fresh.location);
    const catalogue =
      kind === "sqlite"
        ? sql<{ name: string }>`select name from sqlite_schema where type = 'table'`
        : sql<{
            name: string;
          }>`select table_name as name from information_schema.tables where table_schema = current_schema()`;
    const found = (await catalogue.execute(reading.db as never)).rows.map(({ name }) => name);
    const owned = (await Promise.all(slices.map(async ({ tables }) => namesOfTables((await tables?.()) ?? {})))).flat();
    const all = namesOfTables(await tablesOfAll());
    const ofLayers = namesOfTables(allTables([]));
    assert.equal(owned.length + ofLayers.length, all.length, "no table has two owners");
    assert.deepEqual(found.filter((name) => !ownOfTheDatabase.test(name)).toSorted(), all.toSorted());
  });
}
