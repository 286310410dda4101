import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { openShell } from "../../support/processes/command.ts";
import { freshFolder, freshLocation } from "../../support/databases/databases.ts";
import { localCommands } from "../../support/processes/local-commands.ts";
import { freePort } from "../../support/ports.ts";
import { refusedStart } from "../../support/server.ts";

// What stands in the way of a database is said in the same words by the server and by every command on this machine.

async function assertSaid(
  args: readonly string[],
  folder: string,
  says: RegExp,
  {
    commands = localCommands(folder),
    status = 78,
  }: { commands?: readonly (readonly string[])[]; status?: 1 | 78 } = {},
): Promise<void> {
  using shell = openShell();
  assert.match(await refusedStart(args, status), says);
  for (const command of commands) {
    const ran = await shell.ironlog([...command, ...args]);
    const where = command.join(" ");
    assert.notEqual(ran.code, 0, where);
    assert.match(ran.stderr, says, where);
    assert.match(ran.stderr, /^ironlog /, where);
    assert.doesNotMatch(ran.stderr, /there is no log|hunter2/, where);
    assert.equal(ran.stderr.trim().split("\n").length, 1, ran.stderr);
  }
}

test("with PostgreSQL down every command says that it can't be reached", async () => {
  using folder = freshFolder();
  const url = `postgres://ironlog:hunter2@127.0.0.1:${await freePort()}/ironlog`;
  await assertSaid(
    ["--data", folder.folder, "--database", url],
    folder.folder,
    /cannot reach postgres:.*is PostgreSQL/,
    { status: 1 },
  );
});

test("with a user that PostgreSQL doesn't know every command says to check the URL", async () => {
  await using fresh = await freshLocation("postgres");
  assert(fresh.location.kind === "postgres");
  using folder = freshFolder();
  const url = new URL(fresh.location.url);
  url.username = "nobody_of_ours";
  url.password = "hunter2";
  const args = ["--data", folder.folder, "--database", url.toString()];
  await assertSaid(args, folder.folder, /refuses this user or password: check the URL given with --database/);
});

test("with a database that doesn't exist every command says so", async () => {
  await using fresh = await freshLocation("postgres");
  assert(fresh.location.kind === "postgres");
  using folder = freshFolder();
  const args = ["--data", folder.folder, "--database", `${fresh.location.url}_nosuch`];
  await assertSaid(args, folder.folder, /_nosuch does not exist: create the database first/);
});

test("with a user who may not read there every command says what is denied", async () => {
  await using fresh = await freshLocation("postgres");
  assert(fresh.location.kind === "postgres");
  using folder = freshFolder();
  const role = `unentitled_${process.pid}`;
  await fresh.meddle(`create table kysely_migration (name text)`);
  await fresh.meddle(`create role ${role} login`);
  try {
    const url = new URL(fresh.location.url);
    url.username = role;
    const args = ["--data", folder.folder, "--database", url.toString()];
    await assertSaid(args, folder.folder, /permission denied for .*or grant it/);
  } finally {
    await fresh.meddle(`drop role ${role}`);
  }
});

test("with a SQLite file that is damaged every command says so", async () => {
  using folder = freshFolder();
  const file = path.join(folder.folder, "ironlog.db");
  const database = new DatabaseSync(file);
  database.exec("pragma page_size = 4096; create table kysely_migration (name text)");
  database.close();
  const bytes = readFileSync(file);
  writeFileSync(file, bytes.fill(7, 4096));
  const isVerify = (command: readonly string[]): boolean => command.join(" ") === "log verify";
  const others = localCommands(folder.folder).filter((command) => !isVerify(command));
  await assertSaid(["--data", folder.folder], folder.folder, /ironlog\.db is damaged/, { commands: others });
  // That is its verdict, and no reason to give none.
  using shell = openShell();
  const verified = await shell.ironlog(["log", "verify", "--data", folder.folder]);
  assert.equal(verified.code, 1, verified.stderr);
  assert.match(verified.stdout, /^Integrity: DAMAGED.*\n.*ironlog\.db can't be read/);
});
