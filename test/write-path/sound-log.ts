import assert from "node:assert/strict";
import { createHmac, hash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Database } from "../../src/database/database.ts";
import type { EventTable, LogHeadTable } from "../../src/database/tables.ts";
import type { FreshDatabase } from "../support/databases/databases.ts";

// A verifier of the log, written from docs/log-format.md alone: it shares no code with what it checks.

export const groupColumns = {
  actor: ["username", "user_id"],
  origin: ["ip", "user_agent", "endpoint", "trace_id", "forwarded", "reporter_id", "reporter", "session", "key"],
  subject: ["target_kind", "target_id", "target_name", "description", "details"],
  node: ["node", "hostname"],
  provenance: ["generation", "source_event_id", "source_type", "source_type_words", "realm", "realm_user_id"],
  state: ["state"],
} as const;

export const groupNames = ["actor", "origin", "subject", "node", "provenance", "state"] as const;

/** Fails unless ids are dense, the head is the last event, and every event's hashes follow from its row. */
export async function assertSoundLog(database: Pick<FreshDatabase, "db" | "location">): Promise<void> {
  const events = await listRows(database.db);
  let previous = { id: 0, created: 0 };
  for (const event of events) {
    assert.equal(event.id, previous.id + 1, "ids are dense");
    if (event.action !== "clock.step") assert(event.created >= previous.created, "time does not go back");
    assertSoundRow(event);
    previous = event;
  }
  const heads = await database.db.selectFrom("log_head").selectAll().execute();
  const tree = treeOver(events.map(({ leaf_hash }) => Buffer.from(leaf_hash)));
  assert.deepEqual(
    heads.map((head) => [head.last_event_id, head.last_created, Buffer.from(head.frontier).toString("hex")]),
    [[previous.id, previous.created, tree.frontier]],
    "the head is the last event",
  );
  await assertAuthentic(database, heads[0], events);
  const nodes = await database.db.selectFrom("tree_node").selectAll().orderBy("level").orderBy("position").execute();
  assert.deepEqual(
    nodes.map(({ level, position, hash }) => [level, position, Buffer.from(hash).toString("hex")]),
    tree.nodes,
    "every full tile has its node",
  );
  const tiles = await database.db.selectFrom("leaf_tile").selectAll().orderBy("position").execute();
  const whole = Array.from({ length: Math.floor(events.length / 256) }, (_, position) => position);
  assert.deepEqual(
    tiles.map(({ position, hashes }) => [position, Buffer.from(hashes).toString("hex")]),
    whole.map((position) => [position, hexOf(events.slice(position * 256, (position + 1) * 256))]),
    "every 256 leaves have their tile",
  );
  await assertNoOpenAction(database);
}

/** Fails unless the head bears the codes that a key in the file gives it, from docs/log-format.md. */
async function assertAuthentic(
  { db, location }: Pick<FreshDatabase, "db" | "location">,
  head: LogHeadTable | undefined,
  events: readonly EventTable[],
): Promise<void> {
  if (head === undefined || head.last_event_id === 0) return;
  const identity = await db.selectFrom("log_identity").select("origin").orderBy("id", "desc").executeTakeFirst();
  const line = readFileSync(location.appendKeyFile, "utf8")
    .split("\n")
    .find((one) => one.startsWith(`${head.key_id} `));
  const key = Buffer.from(line?.split(" ")[1] ?? "", "base64");
  const { last_event_id: size, last_created: created, key_id: keyId, frontier, newest_mac, mac } = head;
  assert.equal(hex(newest_mac), newestCode(key, events).toString("hex"), "the head vouches for the newest rows");
  const fields = [identity?.origin ?? "", String(size), String(created), keyId ?? "", frontier, newest_mac ?? ""];
  assert.equal(hex(mac), codeOver(key, "ironlog-head-v1", fields).toString("hex"), "the head is authentic");
}

/** The tables whose rows let somebody in: docs/log-format.md. */
const factors = ["totp_device", "passkey", "recovery_code"];
const trusted = [
  "user",
  "session",
  "token",
  "setting",
  ...factors,
  "oidc_provider",
  "oidc_identity",
  "realm_identity",
  "source",
  "destination",
  "rule",
];

/** What the head says of the rows that let somebody in, from what the events state of them. */
function newestCode(key: Buffer, events: readonly EventTable[]): Buffer {
  const newest = new Map<string, number>();
  for (const { id, state } of events) {
    const entries = JSON.parse(state ?? "[]") as readonly (readonly [string, string, string | null, string | null])[];
    for (const [table, row, , after] of entries) {
      if (!trusted.includes(table)) continue;
      newest.delete(`${table}/${row}`);
      if (after !== null) newest.set(`${table}/${row}`, id);
    }
  }
  const terms = [...newest].map(([row, event]) => codeOver(key, "ironlog-newest-v1", [row, String(event)]));
  const sum = terms.reduce((total, term) => (total + BigInt(`0x${term.toString("hex")}`)) % 2n ** 256n, 0n);
  return codeOver(key, "ironlog-newest-sum-v1", [Buffer.from(sum.toString(16).padStart(64, "0"), "hex")]);
}

function codeOver(key: Buffer, name: string, fields: readonly (string | Uint8Array)[]): Buffer {
  const hmac = createHmac("sha256", key).update(`${name}\n`);
  for (const field of fields) {
    const bytes = Buffer.from(field as string);
    hmac
      .update(Uint8Array.of(bytes.length >>> 24, bytes.length >>> 16, bytes.length >>> 8, bytes.length))
      .update(bytes);
  }
  return hmac.digest();
}

function hex(bytes: Uint8Array | null): string {
  return Buffer.from(bytes ?? []).toString("hex");
}

function hexOf(events: readonly EventTable[]): string {
  return Buffer.concat(events.map(({ leaf_hash }) => leaf_hash)).toString("hex");
}

/** RFC 6962 section 2.1 over whole rows of hashes: the frontier of the tree, and the roots of its full tiles. */
function treeOver(leaves: readonly Buffer[]) {
  const frontier: string[] = [];
  const nodes: (readonly [number, number, string])[] = [];
  let row = leaves;
  for (let height = 0; row.length > 0; height += 1) {
    if (height > 0 && height % 8 === 0) {
      for (const [position, hash] of row.entries()) nodes.push([height / 8, position, hash.toString("hex")]);
    }
    if (row.length % 2 === 1) frontier.unshift(row.at(-1)?.toString("hex") ?? "");
    const lower = row;
    row = lower.flatMap((right, at) => (at % 2 === 1 ? [sha256(Buffer.of(1), lower[at - 1] ?? right, right)] : []));
  }
  return { frontier: frontier.join(""), nodes };
}

/** Fails if SQLite's marker of an open action was left behind. PostgreSQL's ends with its transaction by itself. */
export async function assertNoOpenAction({ db, location }: Pick<FreshDatabase, "db" | "location">): Promise<void> {
  if (location.kind !== "sqlite") return;
  // The program's types don't know the marker: it is between the triggers and the writer.
  const marker = db.selectFrom("open_action" as "user").selectAll();
  assert.deepEqual(await marker.execute(), [], "no action is left open");
}

export async function listRows(db: Database): Promise<readonly EventTable[]> {
  return db.selectFrom("event").selectAll().orderBy("id").execute();
}

/** Fails unless commitments and leaf hash follow from the row. */
export function assertSoundRow(event: EventTable): void {
  assert.equal(event.commitments.length, 192);
  for (const name of groupNames) {
    const salt = event[`${name}_salt`];
    if (groupColumns[name].every((column) => event[column] === null)) {
      assert.equal(salt, null, `${name} is empty and has no salt`);
      assert.deepEqual(commitmentIn(event, name), Buffer.alloc(32), name);
      continue;
    }
    assert.ok(salt !== null, `${name} has its salt`);
    assert.equal(salt.length, 16);
    assert.deepEqual(commitmentIn(event, name), sha256(salt, Buffer.from(groupJson(event, name))), name);
  }
  assert.deepEqual(Buffer.from(event.leaf_hash), sha256(Buffer.of(0), Buffer.from(leafJson(event))), "leaf hash");
}

/** The canonical JSON of one personal group. */
export function groupJson(event: EventTable, name: (typeof groupNames)[number]): string {
  return sortedJson(Object.fromEntries(groupColumns[name].map((column) => [column, event[column]])));
}

/** The bytes of an event's leaf. */
export function leafJson(event: EventTable): string {
  const { id, level, type, action, outcome, source, created, occurred } = event;
  const commitments = groupNames
    .filter((name) => !commitmentIn(event, name).equals(Buffer.alloc(32)))
    .map((name) => [name, commitmentIn(event, name).toString("base64")]);
  return sortedJson({
    v: 1,
    id,
    level,
    type,
    action,
    outcome,
    source,
    created: rfc3339(created),
    ...(occurred !== null && { occurred: rfc3339(occurred) }),
    commitments: sortedObject(Object.fromEntries(commitments)),
  });
}

function commitmentIn(event: EventTable, name: (typeof groupNames)[number]): Buffer {
  const start = 32 * groupNames.indexOf(name);
  return Buffer.from(event.commitments.subarray(start, start + 32));
}

/** Every member's name is of ASCII letters, so that any order by code is the right one. */
function sortedJson(members: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(sortedObject(members));
}

function sortedObject(members: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(members).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function rfc3339(micros: number): string {
  const fraction = String(micros % 1_000_000).padStart(6, "0");
  return new Date(Math.floor(micros / 1000)).toISOString().replace(/\.\d{3}Z$/, `.${fraction}Z`);
}

function sha256(...parts: readonly Uint8Array[]): Buffer {
  return hash("sha256", Buffer.concat(parts), "buffer");
}
