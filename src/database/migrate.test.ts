import assert from "node:assert/strict";
import { postgresAt, sqliteAt } from "../../test/support/databases/locations.ts";
import { execFile } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { promisify } from "node:util";
import { clusterUrl, freshFolder, freshLocation, type Kind, kinds } from "../../test/support/databases/databases.ts";
import type { DatabaseLocation } from "./database.ts";
import { openDatabase } from "./opening.ts";
import { UnusableDatabase } from "./failures.ts";

for (const kind of kinds) {
  test(`a new database gets its tables, and a second opening finds nothing to do (${kind})`, async () => {
    await using fresh = await freshLocation(kind);
    {
      await using first = await openDatabase(fresh.location);
      assert.equal(first.migrated[0], "0001-schema");
      assert.deepEqual(first.migrated, await applied(fresh));
      const head = await first.db.selectFrom("log_head").selectAll().execute();
      assert.deepEqual(
        head.map((row) => ({ ...row, frontier: row.frontier.length })),
        [{ one: 1, last_event_id: 0, last_created: 0, frontier: 0, key_id: null, mac: null, newest_mac: null }],
      );
    }
    await using second = await openDatabase(fresh.location);
    assert.deepEqual(second.migrated, []);
  });

  test(`two openings at once of a new database both succeed, and one of them migrates (${kind})`, async () => {
    await using fresh = await freshLocation(kind);
    const [one, other] = await Promise.all([openDatabase(fresh.location), openDatabase(fresh.location)]);
    await using _ = one;
    await using _other = other;
    assert.deepEqual([...one.migrated, ...other.migrated], await applied(fresh));
    assert(one.migrated.length === 0 || other.migrated.length === 0);
  });

  test(`so do four processes at once (${kind})`, async () => {
    await using fresh = await freshLocation(kind);
    const migrated = await Promise.all(Array.from({ length: 4 }, () => openElsewhere(fresh.location)));
    assert.deepEqual(migrated.flat(), await applied(fresh));
    assert.equal(migrated.filter((names) => names.length > 0).length, 1);
  });

  test(`a database of a newer Ironlog is refused, and the mend named (${kind})`, async () => {
    await using fresh = await freshLocation(kind);
    await (await openDatabase(fresh.location))[Symbol.asyncDispose]();
    const known = await applied(fresh);
    await fresh.meddle("insert into kysely_migration values ('9999-later', '2031-01-01T00:00:00Z')");
    await assertUnusable(
      fresh.location,
      "the database was written by a newer Ironlog (it has 9999-later): upgrade this one, or restore an older backup",
    );
    assert.deepEqual(await applied(fresh), [...known, "9999-later"]);
  });

  test(`a database with another program's tables is refused, and left as it is (${kind})`, async () => {
    await using fresh = await freshLocation(kind);
    await fresh.meddle("create table wp_posts (id integer)");
    await assertUnusable(
      fresh.location,
      "the database holds tables of another program (wp_posts): give Ironlog one of its own",
    );
    assert.deepEqual(await tableNames(fresh, kind), ["wp_posts"]);
  });
}

test("a database of another program keeps its journal mode, which is stored in the file", async () => {
  await using fresh = await freshLocation("sqlite");
  await fresh.meddle("create table wp_posts (id integer)");
  await assertUnusable(fresh.location);
  assert.deepEqual(
    (await fresh.meddle("pragma journal_mode")).map((row) => ({ ...row })),
    [{ journal_mode: "delete" }],
  );
});

test("a file that is no SQLite database is refused, and left as it is", async () => {
  using fresh = freshFolder();
  const file = path.join(fresh.folder, "ironlog.db");
  const letter = "Dear diary, ".repeat(1_000);
  writeFileSync(file, letter);
  await assertUnusable(
    sqliteAt(file),
    `${file} is damaged or no SQLite database (file is not a database): restore it from a backup`,
  );
  assert.equal(readFileSync(file, "utf8"), letter);
});

test("a damaged SQLite database is refused", async () => {
  using fresh = freshFolder();
  const file = path.join(fresh.folder, "ironlog.db");
  await (await openDatabase(sqliteAt(file)))[Symbol.asyncDispose]();
  const bytes = readFileSync(file);
  // The head of the first page stays: it still looks like SQLite's.
  writeFileSync(file, bytes.fill(0xff, 100));
  await assertUnusable(
    sqliteAt(file),
    `${file} is damaged or no SQLite database (database disk image is malformed): restore it from a backup`,
  );
});

test("a folder that can't be made is refused, and the mend named", async () => {
  using fresh = freshFolder();
  const file = path.join(fresh.folder, "file");
  writeFileSync(file, "");
  const message = await assertUnusable(sqliteAt(path.join(file, "data", "ironlog.db")));
  assert.match(
    message,
    /^cannot write to .*\/file\/data \(ENOTDIR: .*\): give this user the folder, or name another with --data$/,
  );
});

const skip = process.getuid?.() === 0 && "root may write everywhere: run the tests as somebody else";

test("a folder that can't be written is refused, and the mend named", { skip }, async () => {
  using fresh = freshFolder();
  const folder = path.join(fresh.folder, "data");
  mkdirSync(folder, { mode: 0o500 });
  const message = await assertUnusable(sqliteAt(path.join(folder, "ironlog.db")));
  assert.match(
    message,
    /^cannot write to .*\/data \(EACCES: .*\): give this user the folder, or name another with --data$/,
  );
});

test("a file that can't be written is refused, and the mend named", { skip }, async () => {
  using fresh = freshFolder();
  const file = path.join(fresh.folder, "ironlog.db");
  await (await openDatabase(sqliteAt(file)))[Symbol.asyncDispose]();
  chmodSync(file, 0o400);
  const message = await assertUnusable(sqliteAt(file));
  assert.match(message, /^cannot write to .* \(EACCES: .*ironlog\.db'\): give this user the folder, or name another/);
});

test("a folder in the place of the file is refused", async () => {
  using fresh = freshFolder();
  const message = await assertUnusable(sqliteAt(fresh.folder));
  assert.match(message, /^cannot write to .* \(unable to open database file\): check the owner and mode/);
});

test("a file that another program holds locked is waited for, then refused", async () => {
  using fresh = freshFolder();
  const ours = path.join(fresh.folder, "ours.db");
  await (await openDatabase(sqliteAt(ours)))[Symbol.asyncDispose]();
  const files = [ours, path.join(fresh.folder, "new.db")];
  // Together: each is waited for for five seconds.
  await Promise.all(
    files.map(async (file) => {
      using other = new DatabaseSync(file);
      other.exec("begin exclusive; create table other (id integer)");
      await assertUnusable(sqliteAt(file), `another program holds ${file} locked: stop it, or wait for it to finish`);
    }),
  );
});

test("a file that another program lets go of in time is opened", async () => {
  using fresh = freshFolder();
  const file = path.join(fresh.folder, "ironlog.db");
  const other = new DatabaseSync(file);
  other.exec("begin exclusive");
  const opening = openDatabase(sqliteAt(file));
  other.close();
  await using open = await opening;
  assert(open.migrated.length > 0);
});

test("a PostgreSQL database that doesn't exist is refused, and the mend named", async () => {
  const url = (await clusterUrl()).replace(/\/postgres$/, "/nowhere");
  await assertUnusable(postgresAt(url), `${url} does not exist: create the database first`);
});

test("a PostgreSQL that doesn't answer is refused, without the password in the message", async () => {
  // Port 1 is nobody's.
  const url = "postgres://ironlog:hunter2@127.0.0.1:1/ironlog?sslmode=disable";
  await assertUnusable(
    postgresAt(url),
    "cannot reach postgres://ironlog:********@127.0.0.1:1/ironlog (connect ECONNREFUSED 127.0.0.1:1): is PostgreSQL running there?",
  );
});

/** Fails unless the opening is refused in one line, which it returns. */
async function assertUnusable(location: DatabaseLocation, expected?: string): Promise<string> {
  const [opening] = await Promise.allSettled([openDatabase(location)]);
  if (opening.status === "fulfilled") await opening.value[Symbol.asyncDispose]();
  assert(opening.status === "rejected", "it was opened");
  assert(opening.reason instanceof UnusableDatabase, String(opening.reason));
  const { message } = opening.reason;
  if (expected !== undefined) assert.equal(message, expected);
  assert(!message.includes("\n"));
  return message;
}

interface Meddled {
  meddle(statement: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
}

async function applied({ meddle }: Meddled): Promise<readonly unknown[]> {
  return (await meddle("select name from kysely_migration order by name")).map(({ name }) => name);
}

async function tableNames({ meddle }: Meddled, kind: Kind): Promise<readonly unknown[]> {
  const rows =
    kind === "sqlite"
      ? await meddle("select name from sqlite_schema")
      : await meddle("select table_name as name from information_schema.tables where table_schema = 'public'");
  return rows.map(({ name }) => name);
}

/** Opens the database in a process of its own. Returns what that one migrated. */
async function openElsewhere(location: DatabaseLocation): Promise<readonly string[]> {
  const script = `
    import { openDatabase } from ${JSON.stringify(path.join(import.meta.dirname, "opening.ts"))};
    await using open = await openDatabase(${JSON.stringify(location)});
    console.log(JSON.stringify(open.migrated));`;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", script]);
  // The script prints a list of names.
  return JSON.parse(stdout) as readonly string[];
}
