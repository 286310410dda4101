import assert from "node:assert/strict";
import { hash } from "node:crypto";
import type { Database } from "../../src/database/database.ts";
import type { EventTable } from "../../src/database/tables.ts";
import type { FreshDatabase } from "../support/databases/databases.ts";

// A verifier of the log, written from docs/log-format.md alone: it shares no code with what it checks.

export const groupColumns = {
  actor: ["username", "user_id"],
  origin: ["ip", "user_agent", "endpoint", "trace_id", "forwarded", "reporter_id", "reporter"],
  subject: ["target_kind", "target_id", "target_name", "description", "details"],
  node: ["node", "hostname"],
} as const;

export const groupNames = ["actor", "origin", "subject", "node"] as const;

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
    heads.map((head) => ({ ...head, edge: Buffer.from(head.edge).toString("hex") })),
    [{ one: 1, last_event_id: previous.id, last_created: previous.created, edge: tree.edge }],
    "the head is the last event",
  );
  const nodes = await database.db.selectFrom("tree_node").selectAll().orderBy("level").orderBy("position").execute();
  assert.deepEqual(
    nodes.map(({ level, position, hash }) => [level, position, Buffer.from(hash).toString("hex")]),
    tree.nodes,
    "every full tile has its node",
  );
  await assertNoOpenAction(database);
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
  return { edge: frontier.join(""), nodes };
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
  assert.equal(event.sealed.length, 128);
  for (const name of groupNames) {
    const salt = event[`${name}_salt`];
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
  const sealed = groupNames.map((name) => [name, commitmentIn(event, name).toString("base64")]);
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
    sealed: sortedObject(Object.fromEntries(sealed)),
  });
}

function commitmentIn(event: EventTable, name: (typeof groupNames)[number]): Buffer {
  const start = 32 * groupNames.indexOf(name);
  return Buffer.from(event.sealed.subarray(start, start + 32));
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
