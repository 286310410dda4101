import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import pg from "pg";
import { refuseOperation } from "../../src/audit/machine-actions.ts";
import { openLog } from "../../src/audit/open-log.ts";
import { openCopy } from "../../src/database/opening.ts";
import { perform } from "../../src/audit/perform.ts";
import type { DatabaseLocation } from "../../src/database/database.ts";
import type { VerificationReport } from "../../src/transparency/verification/verification-report.ts";
import { forEachKind } from "../support/each-kind.ts";
import { freshFolder, type FreshLocation, type Kind, migratedLocation } from "../support/databases/databases.ts";
import { placeArgs } from "../support/databases/locations.ts";
import { openShell, type Ran } from "../support/processes/command.ts";
import { machine } from "../support/worlds/database-world.ts";
import { type Act, acts, forgedText } from "./schema-acts.ts";

// The database around the events is a part of the evidence: what somebody with the database's password changes of it
// refuses the start, and is a fault of a verification.

forEachKind((kind) => {
  for (const act of acts.filter(({ kinds }) => kinds.includes(kind))) {
    test(`${act.what}: the start is refused, and a verification names it (${kind})`, async () => {
      await using log = await smallLog(kind);
      await meddleAtOnce(log.location, act.statements(kind, nameOf(log.location)));
      const [start, verified] = await Promise.all([
        ironlog(log, ["migrate"]),
        ironlog(log, ["log", "verify", "--json"]),
      ]);
      assert.equal(start.code, 1, start.stdout);
      assert.match(start.stderr, /^ironlog migrate: the database's schema was changed \([^\n]*\): [^\n]*\n$/);
      assert.match(start.stderr, named(act, kind));
      assert.equal(verified.code, 1, verified.stderr);
      assert.match(faultsIn(verified), named(act, kind));
    });
  }

  test(`an index that lacks entries under its full text is found by a verification (${kind})`, async () => {
    await using log = await smallLog(kind);
    await meddleAtOnce(log.location, forgedText(kind, "partial"));
    const verified = await ironlog(log, ["log", "verify", "--json"]);
    assert.equal(verified.code, 1, verified.stdout);
    assert.match(faultsIn(verified), /^the index event_action of table event has 1 entries for 4 rows: reindex/m);
  });

  test(`an index whose entries are of another column is found by a deep verification (${kind})`, async () => {
    await using log = await smallLog(kind);
    if (kind === "postgres") await log.meddle("create extension amcheck");
    const before = await ironlog(log, ["log", "verify", "--deep", "--json"]);
    assert.equal(before.code, 0, before.stdout + before.stderr);
    await meddleAtOnce(log.location, forgedText(kind, "of another column"));
    const verified = await ironlog(log, ["log", "verify", "--deep", "--json"]);
    assert.equal(verified.code, 1, verified.stdout);
    assert.match(faultsIn(verified), /event_action/);
  });

  test(`a log that nobody has meddled with has no fault, after analyze and vacuum too (${kind})`, async () => {
    await using log = await smallLog(kind);
    await log.meddle("analyze");
    await log.meddle("vacuum");
    for (const deep of [[], ["--deep"]]) {
      const verified = await ironlog(log, ["log", "verify", "--json", ...deep]);
      assert.equal(verified.code, 0, verified.stdout + verified.stderr);
      assert.deepEqual(reportIn(verified).warnings, []);
      const notes = kind === "postgres" && deep.length > 0 ? [/^the extension amcheck isn't there/] : [];
      assertAllMatch(reportIn(verified).notes, notes);
    }
    assert.equal((await ironlog(log, ["migrate"])).code, 0);
  });
});

test("in a schema of another name, with tables of others beside ours and a role that serves, there is no fault", async () => {
  await using log = await freshPostgres();
  const role = `serving_beside_${process.pid}`;
  await log.meddle(`create role ${role} login; create schema "Our log"`);
  try {
    const options = encodeURIComponent('-c search_path="Our\\ log"');
    const location = { ...log.location, url: `${log.location.url}?options=${options}` } as const;
    assert.equal((await ironlog({ location }, ["migrate", "--grant", role])).code, 0);
    await log.meddle(`create table "Our log".theirs (id bigint); grant insert on "Our log".theirs to public`);
    await log.meddle("analyze");
    const verified = await ironlog({ location }, ["log", "verify", "--json"]);
    assert.equal(verified.code, 0, verified.stdout + verified.stderr);
    assert.deepEqual([reportIn(verified).warnings, reportIn(verified).notes], [[], []]);
  } finally {
    await log.meddle(`drop owned by ${role}; drop role ${role}`);
  }
});

test("a role that was given the right to write in SQL is a warning, one to read a note, until migrate --grant says so", async () => {
  await using log = await smallLog("postgres");
  const role = `by_hand_${process.pid}`;
  await log.meddle(`create role ${role}`);
  try {
    await log.meddle(`grant select on event to ${role}`);
    const reading = reportIn(await ironlog(log, ["log", "verify", "--json"]));
    assert.deepEqual(reading.warnings, []);
    assertAllMatch(reading.notes, [new RegExp(`^the role ${role} may read, .*\\(select on event\\)$`)]);
    for (const right of [
      "delete on event",
      "update (description) on event",
      "truncate on checkpoint",
      "update on sequence user_id_seq",
    ]) {
      await log.meddle(`grant ${right} to ${role}`);
    }
    const verified = await ironlog(log, ["log", "verify", "--json"]);
    assert.equal(verified.code, 0, verified.stdout);
    const expected = `the role ${role} may write, and no ironlog migrate --grant said so (truncate on checkpoint, delete on event, update on event(description), update on user_id_seq)`;
    assert.deepEqual(reportIn(verified).warnings, [expected]);
    const plain = await ironlog(log, ["log", "verify"]);
    assert.ok(plain.stdout.includes(`\nWarning: ${expected}\n`), plain.stdout);
    assert.match(plain.stdout, /\nNote: the role .* may read/);
    assert.equal((await ironlog(log, ["migrate", "--grant", role])).code, 0);
    const [event] = await log.meddle(
      "select description, outcome, target_kind, target_name, details from event order by id desc limit 1",
    );
    assert.deepEqual(
      { ...event, details: undefined },
      {
        description: `Granted ${role} the right to serve.`,
        outcome: "success",
        target_kind: "role",
        target_name: role,
        details: undefined,
      },
    );
    const granted = reportIn(await ironlog(log, ["log", "verify", "--json"]));
    assert.deepEqual([granted.warnings, granted.notes], [[], []], "the grant takes the other rights away");
    await log.meddle(`grant delete on event to ${role}`);
    const again = reportIn(await ironlog(log, ["log", "verify", "--json"]));
    assertAllMatch(again.warnings, [/\(delete on event\)$/]);
  } finally {
    await log.meddle(`drop owned by ${role}; drop role ${role}`);
  }
});

test("a table that belongs to another role than the log's head is a warning", async () => {
  await using log = await smallLog("postgres");
  const role = `owner_${process.pid}`;
  await log.meddle(`create role ${role}`);
  try {
    await log.meddle(`alter table event owner to ${role}`);
    const { warnings } = reportIn(await ironlog(log, ["log", "verify", "--json"]));
    assertAllMatch(warnings, [/^the table event belongs to owner_/]);
  } finally {
    await log.meddle(`reassign owned by ${role} to ironlog; drop owned by ${role}; drop role ${role}`);
  }
});

test("a search path that the database has stored leads nobody to other tables", async () => {
  await using log = await smallLog("postgres");
  await log.meddle("create schema decoy");
  await log.meddle(`alter database ${nameOf(log.location)} set search_path = decoy`);
  const verified = await ironlog(log, ["log", "verify", "--json"]);
  assert.equal(reportIn(verified).size, 4, "it is our log that was read");
  assert.equal((await ironlog(log, ["migrate"])).code, 1);
  assert.deepEqual(await log.meddle("select relname from pg_class where relnamespace = 'decoy'::regnamespace"), []);
});

test("a stored setting that takes the guards away refuses the start, and is a fault of a verification", async () => {
  await using log = await smallLog("postgres");
  await log.meddle(`alter database ${nameOf(log.location)} set session_replication_role = replica`);
  const start = await ironlog(log, ["migrate"]);
  assert.match(start.stderr, /session_replication_role = 'replica' for this connection, and it must be 'origin'/);
  const verified = await ironlog(log, ["log", "verify", "--json"]);
  assert.equal(verified.code, 1, verified.stderr);
  assert.match(
    faultsIn(verified),
    /^session_replication_role=replica is set for database (\w+): alter database \1 reset/,
  );
});

test("a stored setting of the guards' own is a fault of a verification, and refuses the start", async () => {
  await using log = await smallLog("postgres");
  await log.meddle(`alter database ${nameOf(log.location)} set ironlog.event_id = '5'`);
  const says = /ironlog\.event_id=5 is set for database (\w+): alter database \1 reset ironlog\.event_id/;
  const verified = await ironlog(log, ["log", "verify", "--json"]);
  assert.equal(verified.code, 1, verified.stderr);
  assert.match(faultsIn(verified), says);
  assert.match((await ironlog(log, ["migrate"])).stderr, says);
});

/** A log of four events. */
async function smallLog(kind: Kind): Promise<FreshLocation> {
  const fresh = await migratedLocation(kind);
  await using open = await openLog(fresh.location, machine, openCopy);
  for (const operation of ["one", "two", "three"])
    await perform(open.db, machine, refuseOperation, { operation, path: "/" });
  return fresh;
}

async function freshPostgres() {
  const fresh = await migratedLocation("postgres");
  assert(fresh.location.kind === "postgres");
  return { ...fresh, location: fresh.location };
}

/** A command on that log, without the key's files. */
async function ironlog({ location }: { readonly location: DatabaseLocation }, words: readonly string[]): Promise<Ran> {
  using shell = openShell();
  using folder = freshFolder();
  return await shell.ironlog([...words, ...placeArgs(location, folder.folder)]);
}

/** All statements on one connection, with every right that there is. */
async function meddleAtOnce(location: DatabaseLocation, statements: readonly string[]): Promise<void> {
  if (location.kind === "sqlite") {
    using database = new DatabaseSync(location.file, { defensive: false });
    for (const statement of statements) database.exec(statement);
    return;
  }
  const client = new pg.Client({ connectionString: location.url });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

const nameOf = (location: DatabaseLocation): string =>
  location.kind === "postgres" ? new URL(location.url).pathname.slice(1) : "";

const reportIn = ({ stdout }: Ran): VerificationReport => JSON.parse(stdout) as VerificationReport;

const faultsIn = (ran: Ran): string =>
  reportIn(ran)
    .integrity.faults.map(({ what }) => what)
    .join("\n");

const named = ({ named: words }: Act, kind: Kind): RegExp => new RegExp(words[kind] ?? "nothing");

function assertAllMatch(texts: readonly string[], patterns: readonly RegExp[]): void {
  assert.equal(texts.length, patterns.length, texts.join("\n"));
  for (const [at, pattern] of patterns.entries()) assert.match(texts[at] ?? "", pattern);
}
