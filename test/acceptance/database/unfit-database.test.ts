import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import pg from "pg";
import { findPostgresFault } from "../../../src/database/needs.ts";
import { openShell } from "../../support/processes/command.ts";
import { clusterUrl, freshFolder, freshLocation } from "../../support/databases/databases.ts";
import { localCommands } from "../../support/processes/local-commands.ts";
import { refusedStart } from "../../support/server.ts";

// A database in which a log would not be what was recorded is refused: by the server, and by every command on this machine.

async function assertRefused(args: readonly string[], folder: string, says: RegExp): Promise<void> {
  using shell = openShell();
  assert.match(await refusedStart(args), says);
  for (const command of localCommands(folder)) {
    const ran = await shell.ironlog([...command, ...args]);
    assert.notEqual(ran.code, 0, command.join(" "));
    assert.match(ran.stderr, says, command.join(" "));
    assert.equal(ran.stderr.trim().split("\n").length, 1, ran.stderr);
  }
  for (const left of ["backup.gz", "export.gz", "bundle"]) assert.ok(!existsSync(path.join(folder, left)), left);
}

for (const encoding of ["LATIN1", "SQL_ASCII"]) {
  test(`a PostgreSQL database in ${encoding} is refused with the mend, and nothing is made in it`, async () => {
    const admin = await clusterUrl();
    const name = `unfit_${encoding.toLowerCase()}_${process.pid}`;
    const client = new pg.Client({ connectionString: admin });
    await client.connect();
    using folder = freshFolder();
    try {
      await client.query(`create database ${name} encoding '${encoding}' template template0`);
      const url = admin.replace(/\/postgres$/, `/${name}`);
      const says = new RegExp(
        `encoding is ${encoding}, and Ironlog needs UTF8: create one with createdb --encoding UTF8`,
      );
      await assertRefused(["--data", folder.folder, "--database", url], folder.folder, says);
      const inside = new pg.Client({ connectionString: url });
      await inside.connect();
      const { rows } = await inside.query(
        "select relname from pg_class where relname in ('event', 'kysely_migration')",
      );
      await inside.end();
      assert.deepEqual(rows, []);
    } finally {
      await client.query(`drop database if exists ${name} with (force)`);
      await client.end();
    }
  });
}

test("a PostgreSQL database without plpgsql is refused with the mend", async () => {
  await using fresh = await freshLocation("postgres");
  assert(fresh.location.kind === "postgres");
  using folder = freshFolder();
  await fresh.meddle("drop extension plpgsql");
  const args = ["--data", folder.folder, "--database", fresh.location.url];
  await assertRefused(args, folder.folder, /no language plpgsql.*: create extension plpgsql/);
});

test("a SQLite file in UTF-16 is refused with the mend", async () => {
  using folder = freshFolder();
  const database = new DatabaseSync(path.join(folder.folder, "ironlog.db"));
  database.exec("pragma encoding = 'UTF-16le'; create table one (id integer); drop table one");
  database.close();
  const says = /encoding is UTF-16le, and Ironlog needs UTF-8: give Ironlog a new file/;
  await assertRefused(["--data", folder.folder], folder.folder, says);
});

test("a PostgreSQL that is too old is refused, and a standby where something is to be written", () => {
  const good = { version: 140_005, encoding: "UTF8", hasPlpgsql: true, isStandby: false };
  assert.equal(findPostgresFault(good, true), undefined);
  assert.match(findPostgresFault({ ...good, version: 130_022 }, false) ?? "", /is PostgreSQL 13, .* needs 14 or later/);
  assert.match(findPostgresFault({ ...good, isStandby: true }, true) ?? "", /is a standby.*: give the primary/);
  assert.equal(findPostgresFault({ ...good, isStandby: true }, false), undefined);
});
