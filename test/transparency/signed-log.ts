import assert from "node:assert/strict";
import { cpSync } from "node:fs";
import path from "node:path";
import { after, mock } from "node:test";
import { createUser, updateUser } from "../../src/accounts/users/user-actions.ts";
import { defineAction } from "../../src/audit/action.ts";
import { draftEvent } from "../../src/audit/event-draft.ts";
import { refuseOperation } from "../../src/audit/machine-actions.ts";
import { openLog } from "../../src/audit/open-log.ts";
import { perform } from "../../src/audit/perform.ts";
import type { Database, DatabaseLocation } from "../../src/database/database.ts";
import { parseReport } from "../../src/events/reporting/report.ts";
import { recordReport } from "../../src/events/reporting/report-actions.ts";
import { parseReportedEvent } from "../../src/events/reporting/reported-event.ts";
import { createNode } from "../../src/nodes/inventory/node-actions.ts";
import { findSetBack } from "../../src/transparency/signing/authentic-tree.ts";
import { openSigner } from "../../src/transparency/signing/open-signer.ts";
import type { Signer } from "../../src/transparency/signing/signer.ts";
import { verdictOf } from "../../src/transparency/verdicts/verdict.ts";
import { recordVerdict } from "../../src/transparency/verdicts/verify-actions.ts";
import { Findings } from "../../src/transparency/verification/verification-report.ts";
import { createToken, deleteToken } from "../../src/tokens/actions.ts";
import {
  copyDatabase,
  freshFolder,
  freshLocation,
  type Kind,
  migratedLocation,
  queryAt,
} from "../support/databases/databases.ts";
import { postgresAt } from "../support/databases/locations.ts";
import { shareNames } from "../support/share-names.ts";
import {
  databaseWorld,
  type DatabaseWorld,
  machine,
  newMachine,
  newToken,
  newUser,
} from "../support/worlds/database-world.ts";

/** A log with all that a log can hold, as it lies there when nobody serves it. */
export interface SignedLog extends AsyncDisposable {
  readonly kind: Kind;
  readonly location: DatabaseLocation;
  /** Where its key is; the last checkpoint beside it. */
  readonly keyFile: string;
  readonly verifierKeys: readonly string[];
  /** The note of its first checkpoint, as somebody may have kept it. */
  readonly firstNote: string;
  meddle(statement: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
}

const hourMs = 3_600_000;
const startMs = Date.UTC(2031, 4, 6, 7, 30);

/** An event that tells of an erasure that nobody has made: a forger would bring one along. */
const tellOfErasure = defineAction({
  async run() {},
  events: () => [
    draftEvent(
      "operation.refuse",
      { operation: "an erasure" },
      { details: { erased: { events: [41, 50, 51, 52], groups: ["actor", "node"] } } },
    ),
  ],
});

type Unserved = Omit<SignedLog, "firstNote" | "verifierKeys" | keyof AsyncDisposable>;

const originals = new Map<Kind, Promise<SignedLog>>();
after(async () => {
  for (const [kind, log] of originals) {
    try {
      await (await log)[Symbol.asyncDispose]();
    } catch (error) {
      // A cluster of this file's own has gone already, and its databases with it.
      if (kind !== "postgres" || process.env[shareNames.cluster] !== undefined) throw error;
    }
  }
});

/**
 * Gives a log of some 340 events over three hours, with a checkpoint for each hour and a full tile, which nobody else has. It is a copy,
 * with its files, of one that each process makes once: to make one costs as much as many a verification.
 */
export async function makeSignedLog(kind: Kind): Promise<SignedLog> {
  const original = originals.get(kind) ?? makeSignedLogAnew(kind);
  originals.set(kind, original);
  const log = await original;
  const stack = new AsyncDisposableStack();
  try {
    const { location, meddle } = await copyOf(log.location, stack);
    cpSync(path.dirname(log.location.appendKeyFile), path.dirname(location.appendKeyFile), { recursive: true });
    const { folder } = stack.use(freshFolder());
    cpSync(path.dirname(log.keyFile), folder, { recursive: true });
    const keyFile = path.join(folder, path.basename(log.keyFile));
    return { ...log, location, keyFile, meddle, [Symbol.asyncDispose]: () => stack.disposeAsync() };
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
}

/** A copy of a database that nobody has open; the file of one of SQLite is copied with what is beside it. */
async function copyOf(
  location: DatabaseLocation,
  stack: AsyncDisposableStack,
): Promise<Pick<SignedLog, "location" | "meddle">> {
  if (location.kind === "sqlite") return stack.use(await freshLocation("sqlite"));
  const { url } = stack.use(await copyDatabase(location.url));
  return { location: postgresAt(url), meddle: (statement) => queryAt(url, statement) };
}

/** Makes one through the actions that serve. `between` runs while nobody has it open, behind the second checkpoint. */
export async function makeSignedLogAnew(kind: Kind, between?: (log: Unserved) => Promise<void>): Promise<SignedLog> {
  const stack = new AsyncDisposableStack();
  mock.timers.enable({ apis: ["Date"], now: startMs });
  try {
    const { location, meddle } = stack.use(await migratedLocation(kind));
    const { folder } = stack.use(freshFolder());
    const keyFile = path.join(folder, "log.key");
    const people = await inSession(location, keyFile, fillTwoHours);
    await between?.({ kind, location, keyFile, meddle });
    mock.timers.setTime(startMs + 2 * hourMs);
    const signed = await inSession(location, keyFile, (db, signer) => fillThirdHour(db, signer, people));
    return { kind, location, keyFile, ...signed, meddle, [Symbol.asyncDispose]: () => stack.disposeAsync() };
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  } finally {
    mock.timers.reset();
  }
}

/** Opens a log with its key, as a server does, for as long as `work` takes. */
export async function inSession<Result>(
  location: DatabaseLocation,
  keyFile: string,
  work: (db: Database, signer: Signer) => Promise<Result>,
): Promise<Result> {
  await using open = await openLog(location, machine);
  if ((await findSetBack(open.db, open.appendKeys)) === undefined) open.appendKeys.follow();
  const config = { keyFile, appendKeys: open.appendKeys, origin: "example.com/tests" };
  const signer = await openSigner(open.db, config, machine, fail);
  assert(signer !== undefined);
  return await work(open.db, signer);
}

type People = Pick<DatabaseWorld, "ada" | "bob">;

async function fillTwoHours(db: Database, signer: Signer): Promise<People> {
  const { ada, bob } = await databaseWorld(db);
  for (let token = 0; token < 12; token += 1) {
    await perform(db, bob.actor, createToken, { ...newToken(`more-${token}`), userId: bob.user.id });
  }
  await sign(db, signer, 1);
  mock.timers.setTime(startMs + hourMs);
  for (const { actor } of [ada, bob]) {
    const events = Array.from({ length: 65 }, (_, at) => reportedEvent(`${actor.user?.username}-${at}`));
    await perform(db, actor, recordReport, parseReport(events, undefined));
  }
  const node = newMachine("abc346", { hostnames: ["web"], macs: ["aa:bb:cc:dd:ee:01"] });
  await perform(db, ada.actor, createNode, node);
  await sign(db, signer, 2);
  return { ada, bob };
}

async function fillThirdHour(db: Database, signer: Signer, { ada, bob }: People) {
  for (let person = 0; person < 20; person += 1) {
    await perform(db, ada.actor, createUser, newUser(`person-${person} Ünïcode �`));
    await perform(db, bob.actor, refuseOperation, { operation: "users delete", path: "/" });
  }
  for (let act = 0; act < 150; act += 1)
    await perform(db, ada.actor, refuseOperation, { operation: `operation ${act}`, path: "/" });
  await perform(db, ada.actor, tellOfErasure, undefined);
  const end = { userId: bob.user.id, username: "bob", now: Date.now() * 1_000 };
  await perform(db, bob.actor, deleteToken, { ...end, tokenKey: newToken("more-3").tokenKey });
  await perform(db, ada.actor, updateUser, { username: "bob", changes: { isSuperuser: true }, now: end.now });
  const findings = new Findings();
  for (const fault of [undefined, "an exercise"]) {
    if (fault !== undefined) findings.in("events").fault(50, fault);
    await perform(db, machine, recordVerdict, verdictOf(findings.report(), 7));
  }
  await sign(db, signer, 3);
  const identity = await db.selectFrom("log_identity").selectAll().executeTakeFirstOrThrow();
  return { verifierKeys: [identity.log_key, identity.cosigner_key], firstNote: await noteOf(db, 1) };
}

function reportedEvent(key: string) {
  const given = {
    type: "NODE_POWER_FAILURE",
    action: "node.power",
    description: `No answer from the BMC of ${key}.`,
    occurred: "2031-04-06T05:00:00.000001Z",
    username: "root",
    node: "abc346",
    hostname: "web",
    target: { kind: "bmc", id: key, name: `bmc-${key}` },
    details: { tries: 3, why: "timeout" },
    key,
  };
  return parseReportedEvent(given, Date.now() * 1000, null);
}

async function sign(db: Database, signer: Signer, id: number): Promise<void> {
  assert.equal((await signer.sign())?.id, id);
  assert.ok((await noteOf(db, id)).startsWith("example.com/tests\n"));
}

async function noteOf(db: Database, id: number): Promise<string> {
  return (await db.selectFrom("checkpoint").select("note").where("id", "=", id).executeTakeFirstOrThrow()).note;
}

function fail(error: unknown): never {
  throw error;
}
