import assert from "node:assert/strict";
import { placeArgs } from "../support/databases/locations.ts";
import { cpSync, existsSync, mkdirSync } from "node:fs";
import path from "node:path";
import type { DatabaseLocation } from "../../src/database/database.ts";
import { openForReading } from "../../src/database/reading.ts";
import { factsOf, namesOfTables, type TableName } from "../../src/database/owned-tables.ts";
import { tablesOfAll } from "../../src/slices.ts";
import type { Ran, Shell } from "../support/processes/command.ts";
import { freshFolder, type FreshLocation, freshLocation, type Kind } from "../support/databases/databases.ts";
import { allEvents, type NativeClient } from "../support/clients/native-client.ts";
import { makeMachine } from "../support/nodes.ts";
import { admin, makePerson, type Person } from "../support/worlds/people.ts";
import { powerFailure, report } from "../support/reports.ts";
import { sampleCertificate, sampleSshKeys } from "../support/sample-keys.ts";
import { makeScript } from "../support/scripts.ts";
import type { TestServer } from "../support/server.ts";

/** Who is left on a server that has something of everything. */
export interface Filled {
  readonly person: Person;
  /** The id of the user who was made last, and deleted. */
  readonly deletedId: number;
}

/** Makes, over HTTP, users, a deleted one, tokens, keys, a view, scripts, nodes and more than 256 events. */
export async function fill(server: TestServer): Promise<Filled> {
  const root = admin(server);
  const person = await makePerson(server, { lastName: "Ünïcode � \u{1F600}" });
  assert.equal((await person.native.ask("POST", "account/tokens", { name: "a token" })).status, 201);
  const ssh = await person.maas.post("account/prefs/sshkeys/", [["key", sampleSshKeys[0].key]]);
  assert.equal(ssh.status, 201, ssh.text);
  const ssl = await person.maas.post("account/prefs/sslkeys/", [["key", sampleCertificate]]);
  assert.equal(ssl.status, 201, ssl.text);
  const view = await person.native.ask("POST", "views", {
    name: "Ünïcode",
    columns: ["time", "user"],
    is_shared: true,
  });
  const { id: viewId } = view.json<{ readonly id: number }>();
  assert.equal((await person.native.ask("PUT", "account/default-view", { id: viewId })).status, 204);
  await makeScript(root.maas, "one", "two");
  const machine = await makeMachine(root.maas);
  const events = Array.from({ length: 70 }, (_, at) => ({
    ...powerFailure,
    node: machine.system_id,
    occurred: "2026-04-06T05:00:00.000001Z",
    details: { at, deep: { text: "ü\n", none: null } },
  }));
  for (let batch = 0; batch < 4; batch += 1) {
    await report(root.native, events, { "idempotency-key": `batch-${batch}` });
  }
  const gone = await makePerson(server);
  const id = await newestUserId(root.native);
  const deleted = await root.native.ask("DELETE", `users/${gone.username}`);
  assert.ok(deleted.status < 300, deleted.text);
  return { person, deletedId: id };
}

/** The id of whoever was made last, as the log has it. */
export async function newestUserId(root: NativeClient): Promise<number> {
  const [made] = await allEvents(root, { action: "user.create" });
  assert.match(made?.target_id ?? "", /^\d+$/);
  return Number(made?.target_id);
}

/** A database that nobody has used, and the data directory of who will. */
export interface UnusedDatabase extends AsyncDisposable {
  readonly location: DatabaseLocation;
  readonly data: string;
  readonly args: readonly string[];
  meddle: FreshLocation["meddle"];
}

export async function unusedDatabase(kind: Kind): Promise<UnusedDatabase> {
  const fresh = await freshLocation(kind);
  const folder = freshFolder();
  const data = fresh.location.kind === "sqlite" ? path.dirname(fresh.location.file) : folder.folder;
  return {
    location: fresh.location,
    data,
    args: placeArgs(fresh.location, data),
    meddle: fresh.meddle,
    async [Symbol.asyncDispose]() {
      folder[Symbol.dispose]();
      await fresh[Symbol.asyncDispose]();
    },
  };
}

/** Takes the log's key, and what it has signed last, from one data directory to another. */
export function takeKeyAlong(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const name of ["log.key", "log.key.checkpoint"]) {
    if (existsSync(path.join(from, name))) cpSync(path.join(from, name), path.join(to, name));
  }
}

export type AllRows = Readonly<Record<TableName, readonly Readonly<Record<string, unknown>>[]>>;

/** Every row of every table, the same for the same content on either kind of database. */
export async function readAll(location: DatabaseLocation): Promise<AllRows> {
  await using reading = await openForReading(location);
  const tables: [TableName, readonly Readonly<Record<string, unknown>>[]][] = [];
  const all = await tablesOfAll();
  for (const name of namesOfTables(all)) {
    let query = reading.db.selectFrom(name as "user").selectAll();
    for (const key of factsOf(all, name).keys) query = query.orderBy(key as "id");
    const rows = await query.execute();
    tables.push([name, rows.map((row) => Object.fromEntries(Object.entries(row).map(plain)))]);
  }
  return Object.fromEntries(tables) as unknown as AllRows;
}

function plain([column, value]: readonly [string, unknown]): readonly [string, unknown] {
  return [column, value instanceof Uint8Array ? Buffer.from(value).toString("hex") : value];
}

/** Runs a command that must succeed. */
export async function succeed(shell: Shell, args: readonly string[]): Promise<Ran> {
  const ran = await shell.ironlog(args);
  assert.equal(ran.code, 0, `${args.join(" ")}: ${ran.stdout}${ran.stderr}`);
  return ran;
}
