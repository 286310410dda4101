import assert from "node:assert/strict";
import { closeSync, openSync, readFileSync, writeSync } from "node:fs";
import { mock, test } from "node:test";
import pg from "pg";
import { refuseOperation } from "../../src/audit/machine-actions.ts";
import { openLog } from "../../src/audit/open-log.ts";
import { openCopy } from "../../src/database/opening.ts";
import { perform } from "../../src/audit/perform.ts";
import type { DatabaseLocation } from "../../src/database/database.ts";
import { Findings, type VerificationReport } from "../../src/transparency/verification/verification-report.ts";
import { verdictOf } from "../../src/transparency/verdicts/verdict.ts";
import { recordVerdict } from "../../src/transparency/verdicts/verify-actions.ts";
import { locationOf, startServer } from "../support/server.ts";
import { admin } from "../support/worlds/people.ts";
import { takeGuardsOff } from "../support/databases/guards.ts";
import { clusterUrl, kinds, migratedLocation } from "../support/databases/databases.ts";
import { postgresAt } from "../support/databases/locations.ts";
import { placeArgs } from "../support/databases/locations.ts";
import { openShell, type Ran } from "../support/processes/command.ts";
import { machine } from "../support/worlds/database-world.ts";
import { makeSignedLog, type SignedLog } from "./signed-log.ts";
import { unguarded } from "./tampered.ts";

// What the database can't read is damage, and `log verify` says where: status 1, and not 2.

async function verify(location: DatabaseLocation, flags: readonly string[] = ["--json"]): Promise<Ran> {
  using shell = openShell();
  const where = [...placeArgs(location, "/nowhere"), "--log-key", "/nowhere/log.key"];
  return await shell.ironlog(["log", "verify", ...where, ...flags]);
}

async function reportOf(location: DatabaseLocation): Promise<VerificationReport> {
  const ran = await verify(location);
  assert.equal(ran.code, 1, ran.stdout + ran.stderr);
  return JSON.parse(ran.stdout) as VerificationReport;
}

/** Numbers that no program has written: `node:sqlite` reads none of them. */
const numbers = [
  { change: "update event set user_id = 9007199254740993 where id = 50", event: 50 },
  { change: "update event set created = 9223372036854775807 where id = 337", event: 337 },
  { change: "update log_head set last_created = 9007199254740993" },
  { change: "update checkpoint set size = 9007199254740993 where id = 3" },
  { change: "update log_identity set since_size = 9007199254740993" },
] as const;

test("bytes that are no UTF-8 are damage also where they read as what was recorded (sqlite)", async () => {
  await using fresh = await migratedLocation("sqlite");
  const { location, meddle } = fresh;
  await using open = await openLog(location, machine, openCopy);
  for (const operation of ["one", "h\ufffd", "two"]) {
    await perform(open.db, machine, refuseOperation, { operation, path: "/" });
  }
  assert.equal((await verify(location)).code, 0, "whoever writes U+FFFD may");
  const guardAgain = await takeGuardsOff({ kind: "sqlite", meddle }, "event");
  const changed = await meddle(
    "update event set description = replace(description, char(65533), cast(x'ff' as text)) where instr(description, char(65533)) > 0 returning id",
  );
  await guardAgain();
  assert.equal(changed.length, 1);
  const { integrity } = await reportOf(location);
  assert.deepEqual(
    integrity.faults.filter(({ event }) => event === changed[0]?.["id"]).map(({ what }) => what),
    ["its row can't be read: its description holds bytes that are no UTF-8"],
  );
});

for (const kind of kinds) {
  test(`a number that is too large to be read is damage, wherever it stands, and the rest is verified (${kind})`, async () => {
    for (const number of numbers) {
      await using log = await makeSignedLog(kind);
      await unguarded(log);
      await log.meddle(number.change);
      const { integrity, checked_events } = await reportOf(log.location);
      assert.equal(integrity.verdict, "damaged", number.change);
      if ("event" in number) {
        assert.ok(
          integrity.faults.some(({ event }) => event === number.event),
          JSON.stringify(integrity.faults[0]),
        );
        assert.ok(checked_events > 300, "the others were read");
      }
    }
  });

  test(`a table that is gone is damage, and is named (${kind})`, async () => {
    for (const table of ["checkpoint", "tree_node", "log_move", "log_head"]) {
      await using log = await makeSignedLog(kind);
      await unguarded(log);
      await log.meddle(`alter table ${table} rename to away`);
      const { integrity } = await reportOf(log.location);
      assert.ok(
        integrity.faults.some(({ what }) => /can't be read: /.test(what) && what.includes(table)),
        JSON.stringify(integrity.faults.slice(0, 3)),
      );
    }
  });

  test(`a log that was used for long without a verdict isn't good, and a verdict ends that (${kind})`, async () => {
    await using fresh = await migratedLocation(kind);
    const { location } = fresh;
    mock.timers.enable({ apis: ["Date"], now: Date.UTC(2031, 0, 1) });
    try {
      await using open = await openLog(location, machine, openCopy);
      mock.timers.setTime(Date.UTC(2031, 0, 3, 23));
      await perform(open.db, machine, refuseOperation, { operation: "x", path: "/" });
      assert.equal((await verify(location)).code, 0, "less than three intervals");
      mock.timers.setTime(Date.UTC(2031, 0, 4, 1));
      await perform(open.db, machine, refuseOperation, { operation: "x", path: "/" });
      const { verifications, integrity } = await reportOf(location);
      assert.deepEqual(verifications, { verdict: "absent", last: null, interval_hours: 24 });
      assert.equal(integrity.verdict, "intact");
      const shown = await verify(location, []);
      assert.match(shown.stdout, /^Verifications: ABSENT for more than three times 24 hours, last recorded: never\.$/m);
      await perform(open.db, machine, recordVerdict, verdictOf(new Findings().report(), 7));
      assert.equal((await verify(location)).code, 0);
    } finally {
      mock.timers.reset();
    }
  });
}

test("a damaged page of a SQLite file is damage, with the events that it held", async () => {
  await using log = await makeSignedLog("sqlite");
  await unguarded(log);
  const file = fileOf(log);
  // The log's own page of that event; the indexes hold the path of no operation.
  const at = readFileSync(file).indexOf('"operation":"operation 77"');
  assert.ok(at > 0);
  overwrite(file, Math.floor(at / 4096) * 4096, Buffer.alloc(64, 0xff));
  const { integrity, checked_events } = await reportOf(log.location);
  const [id] = eventsAbout(integrity.faults);
  assert.ok(id !== undefined && checked_events > 100, JSON.stringify(integrity.faults[0]));
});

test("a damaged page of a PostgreSQL table is damage, with the events that it held", async () => {
  await using log = await makeSignedLog("postgres");
  assert.ok(log.location.kind === "postgres");
  const { url } = log.location;
  await log.meddle("checkpoint");
  const [table] = await log.meddle(
    "select current_setting('data_directory') || '/' || pg_relation_filepath('event') as file, current_setting('server_version_num')::int as version",
  );
  overwrite(String(table?.["file"]), 2 * 8192, Buffer.alloc(64, 0xff));
  // The pages of the table itself are in memory, where nothing is wrong with them.
  const name = new URL(url).pathname.slice(1);
  const copy = { ...log.location, url: url.replace(/\/[^/]+$/, `/${name}_damaged`) } as DatabaseLocation;
  const client = new pg.Client({ connectionString: await clusterUrl() });
  await client.connect();
  try {
    const byFiles = Number(table?.["version"]) >= 150_000 ? "strategy file_copy" : "";
    await client.query(`create database ${name}_damaged template ${name} ${byFiles}`);
    const { integrity, checked_events } = await reportOf(copy);
    const [id] = eventsAbout(integrity.faults);
    assert.ok(id !== undefined && checked_events > 100, JSON.stringify(integrity.faults[0]));
    assert.match(integrity.faults[0]?.what ?? "", /invalid page in block 2/);
  } finally {
    await client.query(`drop database if exists ${name}_damaged with (force)`);
    await client.end();
  }
});

test("a SQLite file whose beginning is gone is damage, and is named", async () => {
  await using log = await makeSignedLog("sqlite");
  await unguarded(log);
  overwrite(fileOf(log), 0, Buffer.alloc(512, 7));
  const report = await reportOf(log.location);
  assert.match(report.integrity.faults[0]?.what ?? "", /ironlog\.db can't be read: .*file is not a database/);
  assert.equal(report.completeness.verdict, "incomplete", "nobody can say how long it was");
});

test("a database that is away is no damage: status 2", async () => {
  const ran = await verify(postgresAt("postgres://nobody@127.0.0.1:9/nothing"));
  assert.deepEqual([ran.code, ran.stdout], [2, ""]);
  assert.notEqual(ran.stderr, "");
});

function eventsAbout(faults: VerificationReport["integrity"]["faults"]): readonly number[] {
  return faults.flatMap(({ event, what }) => (event !== null && what.includes("can't be read") ? [event] : []));
}

function fileOf({ location }: SignedLog): string {
  assert.ok(location.kind === "sqlite");
  return location.file;
}

function overwrite(file: string, at: number, bytes: Buffer): void {
  const opened = openSync(file, "r+");
  try {
    writeSync(opened, bytes, 0, bytes.length, at);
  } finally {
    closeSync(opened);
  }
}

test("so are they in rows that are no events (sqlite)", async () => {
  await using server = await startServer({ kind: "sqlite" });
  const root = admin(server).native;
  assert.equal((await root.ask("POST", "account/tokens", { name: "h\ufffd" })).status, 201);
  await server.stop();
  const location = locationOf(server);
  assert.equal((await verify(location)).code, 0, "whoever writes U+FFFD may");
  const guardAgain = await takeGuardsOff(server, "token");
  await server.meddle(
    "update token set name = replace(name, char(65533), cast(x'ff' as text)) where instr(name, char(65533)) > 0",
  );
  await guardAgain();
  const { integrity } = await reportOf(location);
  assert.deepEqual(
    integrity.faults.map(({ what }) => what),
    ["row 2 of token holds bytes in name that are no UTF-8"],
  );
});

test("a request that meets a number that nothing can read is told of damage, and others are answered (sqlite)", async () => {
  await using server = await startServer({ kind: "sqlite" });
  const root = admin(server).native;
  assert.equal((await root.ask("POST", "account/tokens", {})).status, 201);
  const guardAgain = await takeGuardsOff(server, "token");
  await server.meddle("update token set created = 9007199254740993 where id = (select max(id) from token)");
  await guardAgain();
  const answer = await root.ask("GET", "account/tokens");
  assert.equal(answer.status, 500);
  assert.equal(answer.json<{ code: string }>().code, "damaged");
  assert.match(answer.text, /can't be read: .*9007199254740993.*ironlog log verify/);
  assert.equal((await root.ask("GET", "users")).status, 200);
});
