import assert from "node:assert/strict";
import { postgresAt } from "../../../test/support/databases/locations.ts";
import { test } from "node:test";
import { type Kysely, sql } from "kysely";
import { type FreshLocation, freshLocation } from "../../../test/support/databases/databases.ts";
import { assertSoundLog } from "../../../test/write-path/sound-log.ts";
import { createPerson } from "../../../test/support/worlds/database-world.ts";
import { keepBooks } from "../writing/bookkeeping.ts";
import { openDatabase } from "../opening.ts";
import { failureKind, UnusableDatabase } from "../failures.ts";
import { openForReading } from "../reading.ts";
import type { Tables } from "../tables.ts";
import { drawn } from "../owned-tables.ts";
import { withSnapshot } from "../copying/snapshot.ts";

// What a URL, the environment, a role or a database say of a connection, against what Ironlog relies on.

const hostile = [
  "synchronous_commit=off",
  "statement_timeout=0",
  "lock_timeout=0",
  "idle_in_transaction_session_timeout=0",
  "standard_conforming_strings=off",
  "transform_null_equals=on",
  "bytea_output=escape",
  "default_transaction_isolation=serializable",
];
const hostileOptions = [...hostile, "search_path=audit"].map((setting) => `-c ${setting}`).join(" ");

/** The same, by each way that PostgreSQL takes settings from. */
const ways: Readonly<Record<string, (fresh: FreshLocation, url: string) => Promise<string>>> = {
  "the URL's options": async (_fresh, url) => `${url}?options=${encodeURIComponent(hostileOptions)}`,
  PGOPTIONS: async (_fresh, url) => {
    process.env["PGOPTIONS"] = hostileOptions;
    return url;
  },
  // A search path of the database's own is refused: test/transparency/changed-schema.test.ts.
  "the database": async (fresh, url) => {
    for (const setting of hostile) {
      const [name, value] = setting.split("=");
      await fresh.meddle(`alter database ${new URL(url).pathname.slice(1)} set ${name} = '${value}'`);
    }
    return `${url}?options=-c%20search_path%3Daudit`;
  },
};

for (const [way, apply] of Object.entries(ways)) {
  test(`settings from ${way} don't switch off what Ironlog relies on, and its tables are in the schema named there`, async () => {
    await using fresh = await freshLocation("postgres");
    assert(fresh.location.kind === "postgres");
    await fresh.meddle("create schema audit");
    const location = postgresAt(await apply(fresh, fresh.location.url));
    try {
      await using open = await openDatabase(location);
      await createPerson(open.db, { username: "ada" });
      await assertSoundLog({ db: open.db, location });
      const common = { standard_conforming_strings: "on", transform_null_equals: "off", bytea_output: "hex" };
      assert.deepEqual(await settingsOf(open.db as unknown as Kysely<Tables>), {
        ...common,
        default_transaction_isolation: "read committed",
        default_transaction_read_only: "on",
        statement_timeout: "30000",
        search_path: '"audit", pg_temp',
      });
      assert.deepEqual(await keepBooks(open.db, (tx) => settingsOf(tx as unknown as Kysely<Tables>, writerSettings)), {
        ...common,
        default_transaction_isolation: "read committed",
        default_transaction_read_only: "off",
        statement_timeout: "30000",
        lock_timeout: "10000",
        idle_in_transaction_session_timeout: "10000",
        synchronous_commit: "on",
        search_path: '"audit", pg_temp',
      });
      await using reading = await openForReading(location);
      assert.equal((await reading.readEvents(0, 10, 10)).length, 1);
      const tables = { user: drawn };
      const users = await withSnapshot(location, tables, ({ readRows }) => readRows("user", undefined, 10));
      assert.equal(users.length, 1);
    } finally {
      delete process.env["PGOPTIONS"];
    }
    const made = await fresh.meddle(
      `select nspname, count(*) as count from (
          select relnamespace as space from pg_class where relkind in ('r', 'S')
          union all select pronamespace from pg_proc
        ) as made join pg_namespace on pg_namespace.oid = space
        where nspname in ('public', 'audit') group by nspname`,
    );
    assert.deepEqual(
      made.map(({ nspname }) => nspname),
      ["audit"],
    );
  });
}

const readerSettings = [
  "standard_conforming_strings",
  "transform_null_equals",
  "bytea_output",
  "default_transaction_isolation",
  "default_transaction_read_only",
  "statement_timeout",
  "search_path",
];
const writerSettings = [...readerSettings, "lock_timeout", "idle_in_transaction_session_timeout", "synchronous_commit"];

async function settingsOf(db: Kysely<Tables>, names = readerSettings): Promise<Readonly<Record<string, string>>> {
  const { rows } = await sql<{ name: string; setting: string }>`
    select name, setting from pg_settings where name = any(${names})`.execute(db);
  return Object.fromEntries(rows.map(({ name, setting }) => [name, setting]));
}

test("a setting that can't be as it must refuses the start, and is named", async () => {
  await using fresh = await freshLocation("postgres");
  assert(fresh.location.kind === "postgres");
  const name = new URL(fresh.location.url).pathname.slice(1);
  await fresh.meddle(`alter database ${name} set session_replication_role = replica`);
  await assert.rejects(openDatabase(fresh.location), (error) => {
    assert.ok(error instanceof UnusableDatabase);
    assert.match(error.message, /session_replication_role = 'replica' .*must be 'origin'.*'alter database'/);
    return true;
  });
  assert.deepEqual(await fresh.meddle("select relname from pg_class where relname = 'event'"), []);
});

test("a schema that comes before the log's, or isn't there, refuses the start", async () => {
  await using fresh = await freshLocation("postgres");
  assert(fresh.location.kind === "postgres");
  await (await openDatabase(fresh.location))[Symbol.asyncDispose]();
  // The search path begins with a schema of the role's own name, once there is one.
  await fresh.meddle("create schema ironlog");
  await assert.rejects(
    openDatabase(fresh.location),
    /tables are in the schema 'public', and .* puts 'ironlog' before it/,
  );
  assert.deepEqual(await fresh.meddle("select relname from pg_class where relnamespace = 'ironlog'::regnamespace"), []);
  const nowhere = `${fresh.location.url}?options=-c%20search_path%3Dnowhere`;
  await assert.rejects(openDatabase(postgresAt(nowhere)), /no schema of the search_path 'nowhere' exists/);
});

for (const level of ["info", "debug1", "debug5"]) {
  test(`a server that would write changed rows into its log is refused (${level})`, async () => {
    await using fresh = await freshLocation("postgres");
    assert(fresh.location.kind === "postgres");
    const loud = `${fresh.location.url}?options=-c%20log_min_messages%3D${level}`;
    await assert.rejects(
      openDatabase(postgresAt(loud)),
      new RegExp(`log_min_messages = '${level}'.* set it to notice`),
    );
  });
}

test("connections made while it serves are held to the same, and their refusal counts as a database that is away", async () => {
  await using fresh = await freshLocation("postgres");
  assert(fresh.location.kind === "postgres");
  await using open = await openDatabase(fresh.location);
  await fresh.meddle("create schema ironlog");
  await assert.rejects(open.db.selectFrom("event").select("id").execute(), (error) => {
    assert.match(String(error), /puts 'ironlog' before it/);
    return failureKind(error) === "away";
  });
  await assert.rejects(createPerson(open.db, { username: "ada" }), {
    code: "database_away",
  });
  await fresh.meddle("drop schema ironlog");
  await createPerson(open.db, { username: "ada" });
});
