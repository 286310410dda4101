import assert from "node:assert/strict";
import { test } from "node:test";
import { freshLocation } from "../../../test/support/databases/databases.ts";
import { migratedPostgresSchema, migratedSqliteSchema } from "../../../tools/schema.ts";
import { expectedPostgres, expectedSqlite } from "./expected.ts";

test("the schema that every start expects is the one that the migrations make (else: npm run docs)", async () => {
  assert.deepEqual(await migratedSqliteSchema(), expectedSqlite);
  await using fresh = await freshLocation("postgres");
  assert(fresh.location.kind === "postgres");
  assert.deepEqual(await migratedPostgresSchema(fresh.location.url), expectedPostgres);
});
