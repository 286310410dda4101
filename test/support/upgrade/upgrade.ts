import assert from "node:assert/strict";
import { copyFileSync, mkdirSync } from "node:fs";
import path from "node:path";
import type { VerificationReport } from "../../../src/transparency/verification/verification-report.ts";
import { bearer, type NativeEvent } from "../clients/native-client.ts";
import { freshFolder, freshLocation, type Kind } from "../databases/databases.ts";
import { run } from "../processes/command.ts";
import { mainFile, startProcess } from "../processes/program.ts";
import { powerFailure, report } from "../reports.ts";
import { readyAt, refusedStart, startServer, type TestServer } from "../server.ts";
import { makePerson, type Person } from "../worlds/people.ts";
import { type NextIronlog, nextStepName, nextVersion } from "./next-ironlog.ts";

const newer = new RegExp(
  `written by a newer Ironlog \\(it has ${nextStepName}\\): upgrade this one, or restore an older`,
);

/** Events in one request. */
const batch = 1_000;

/** A log of so many events that was made by this Ironlog and taken over by the next one. */
interface Upgraded {
  readonly next: NextIronlog;
  readonly server: TestServer;
  readonly person: Person;
  /** The newest event. */
  readonly newest: number;
  /** A backup from before the upgrade. */
  readonly backup: string;
  readonly folder: string;
}

/**
 * An upgrade as docs/operating/upgrade.md promises it, with a log of so many events: the next Ironlog takes the log over, and
 * this one refuses it and leaves it alone. What `more` does comes behind that.
 */
export async function upgrade(
  kind: Kind,
  next: NextIronlog,
  events: number,
  more?: (upgraded: Upgraded) => Promise<void>,
): Promise<void> {
  await using server = await startServer({ kind });
  using folder = freshFolder();
  const person = await makePerson(server);
  await fill(server, events);
  const before = await newestId(server.url, server);
  assert.ok(before > events);
  const backup = path.join(folder.folder, "before.gz");
  if (more !== undefined) await succeed(mainFile, ["backup", backup, ...server.databaseArgs]);
  await server.stop();
  const newest = await serveNext(next, server, person, before);
  await assertVerified(next.mainFile, server, newest);
  await assertRefusedByOld(server, folder.folder);
  await more?.({ next, server, person, newest, backup, folder: folder.folder });
}

/** The ways on behind a downgrade that was refused: the next Ironlog once more, or a backup from before. */
export async function revertAndRestore({ next, server, person, newest, backup, folder }: Upgraded): Promise<void> {
  const again = await serveNext(next, server, person, newest);
  await assertVerified(next.mainFile, server, again);
  await assertBackupsStayWithTheirs(next, server, folder, backup);
}

/** Other programs' events: they come a thousand at a time. */
async function fill(server: TestServer, events: number): Promise<void> {
  const client = bearer({ url: server.url }, server.firstLogin.apiKey);
  for (let filled = 0; filled < events; filled += batch) {
    const count = Math.min(batch, events - filled);
    await report(
      client,
      Array.from({ length: count }, (_, at) => ({ ...powerFailure, node: `n${filled + at}` })),
    );
  }
}

async function newestId(url: string, { firstLogin }: TestServer): Promise<number> {
  const answer = await bearer({ url }, firstLogin.apiKey).ask("GET", "events?limit=1");
  return answer.json<{ items: NativeEvent[] }>().items[0]?.id ?? 0;
}

/** The newer one serves the log, old accounts log in, and what it did is recorded. Gives the newest event's id. */
async function serveNext(next: NextIronlog, server: TestServer, person: Person, before: number): Promise<number> {
  await using process = startProcess({ args: [next.mainFile, "serve", "--port", "0", ...server.databaseArgs] });
  const url = await readyAt(process);
  const root = bearer({ url }, server.firstLogin.apiKey);
  const migrations = await root.ask("GET", "events?action=schema.migrate&limit=2");
  const [last] = migrations.json<{ items: { id: number; details: { steps: readonly string[] } }[] }>().items;
  assert.deepEqual(last?.details.steps, [nextStepName]);
  assert.equal((await root.ask("GET", `events/${before}`)).status, 200);
  assert.equal((await bearer({ url }, person.apiKey).ask("GET", "account")).status, 200);
  // A change to a row of the table that has another column now.
  const email = `changed-${before}@example.com`;
  const changed = await root.ask("PATCH", `users/${person.username}`, { email });
  assert.equal(changed.status, 200, changed.text);
  const newest = await newestId(url, server);
  assert.ok(newest > before);
  process.signal("SIGTERM");
  assert.equal((await process.ended).code, 0, process.stderr);
  return newest;
}

/** Everything is there, and is what was recorded. */
async function assertVerified(program: string, { data, databaseArgs }: TestServer, events: number): Promise<void> {
  const verified = await run(process.execPath, [program, "log", "verify", "--json", ...databaseArgs]);
  assert.equal(verified.code, 0, `${data}: ${verified.stdout}${verified.stderr}`);
  const { integrity, completeness, checked_events: found } = JSON.parse(verified.stdout) as VerificationReport;
  assert.deepEqual([integrity.verdict, completeness.verdict], ["intact", "complete"]);
  assert.ok(found >= events, `${found} of ${events}`);
}

async function assertRefusedByOld(server: TestServer, folder: string): Promise<void> {
  const state = async () => [
    await server.meddle("select * from log_head"),
    await server.meddle("select count(*) as events from event"),
    await server.meddle("select name from kysely_migration order by name"),
  ];
  const before = await state();
  assert.match(await refusedStart(server.databaseArgs), newer);
  for (const command of [["migrate"], ["createadmin"], ["backup", path.join(folder, "downgraded.gz")]]) {
    const refused = await run(process.execPath, [mainFile, ...command, ...server.databaseArgs]);
    assert.notEqual(refused.code, 0, command.join(" "));
    assert.match(refused.stderr, newer, command.join(" "));
  }
  const verify = await run(process.execPath, [mainFile, "log", "verify", ...server.databaseArgs]);
  assert.equal(verify.code, 2);
  assert.match(verify.stderr, /its tables are newer than this program: use the version that wrote them/);
  assert.deepEqual(await state(), before);
}

/** A backup is read by the version that made it: the newer one says so, and with the old one it is the way back. */
async function assertBackupsStayWithTheirs(
  next: NextIronlog,
  server: TestServer,
  folder: string,
  before: string,
): Promise<void> {
  const after = path.join(folder, "after.gz");
  await succeed(next.mainFile, ["backup", after, ...server.databaseArgs]);
  await using fresh = await freshLocation(server.kind);
  const data = fresh.location.kind === "sqlite" ? path.dirname(fresh.location.file) : path.join(folder, "data");
  const place = ["--data", data, ...(fresh.location.kind === "postgres" ? ["--database", fresh.location.url] : [])];
  const restore = (program: string, file: string) => run(process.execPath, [program, "restore", file, ...place]);
  assert.match((await restore(mainFile, after)).stderr, new RegExp(`made by a newer Ironlog \\(${nextStepName}\\)`));
  mkdirSync(data, { recursive: true });
  for (const key of ["log.key", "log.key.checkpoint"]) copyFileSync(path.join(server.data, key), path.join(data, key));
  await succeed(mainFile, ["restore", before, ...place]);
  await succeed(mainFile, ["log", "renew-identity", ...place]);
  await succeed(mainFile, ["log", "verify", ...place]);
  await succeed(next.mainFile, ["migrate", ...place]);
  await succeed(next.mainFile, ["log", "verify", ...place]);
  assert.match((await restore(next.mainFile, before)).stderr, /made by an older Ironlog: read it with that one/);
  const shown = await run(process.execPath, [next.mainFile, "--version"]);
  assert.equal(shown.stdout, `ironlog ${nextVersion}\n`);
}

async function succeed(program: string, args: readonly string[]): Promise<void> {
  const { code, stdout, stderr } = await run(process.execPath, [program, ...args]);
  assert.equal(code, 0, `${args.join(" ")}: ${stdout}${stderr}`);
}
