import type pg from "pg";
import { type TileNode, tileWidth } from "../../verifiable-log/tree.ts";
import { eventColumns } from "../event-columns.ts";
import { type EventFieldName, eventFields } from "../../verifiable-log/event-fields.ts";
import type { EventTable } from "../tables.ts";
import type { AppendKeys } from "../writing/append-keys.ts";
import type { PendingRowMac } from "../writing/pending-row-macs.ts";
import { originQuery } from "../writing/read-head.ts";
import { notedImage, type RowChange, type RowMac } from "../writing/row-changes.ts";
import type { WriteTransaction } from "../writing/writer.ts";

const insertEvent = {
  name: "append-event",
  text: `insert into event (${eventColumns.join(", ")}) values (${eventColumns.map((_, i) => `$${i + 1}`).join(", ")})`,
};

const insertEvents = {
  name: "append-events",
  text: `insert into event (${eventColumns.join(", ")})
    select * from unnest(${eventColumns.map((column, i) => `$${i + 1}::${postgresType(column)}[]`).join(", ")})`,
};

const insertNodes = {
  name: "append-nodes",
  text: "insert into tree_node (level, position, hash) select * from unnest($1::bigint[], $2::bigint[], $3::bytea[])",
};

const insertLeafTiles = {
  name: "append-leaf-tiles",
  text: `insert into leaf_tile (position, hashes)
    select tile, (select string_agg(leaf_hash, '' order by id) from event
      where id > tile * ${tileWidth} and id <= (tile + 1) * ${tileWidth})
    from unnest($1::bigint[]) as tile`,
};

/** Appends events in one statement, however many. */
export async function appendEvents(client: pg.Client, events: readonly EventTable[]): Promise<void> {
  const [first] = events;
  if (first !== undefined && events.length === 1) {
    await client.query({ ...insertEvent, values: eventColumns.map((column) => first[column]) });
  } else {
    // A column at a time: one statement whatever their number.
    await client.query({ ...insertEvents, values: eventColumns.map((column) => events.map((event) => event[column])) });
  }
}

/** Appends the nodes of full tiles, and the tiles of leaves that are full now: their events must have gone before. */
export async function appendNodes(client: pg.Client, nodes: readonly TileNode[]): Promise<void> {
  const columns = [nodes.map(({ level }) => level), nodes.map(({ index }) => index), nodes.map(({ hash }) => hash)];
  const tiles = nodes.filter(({ level }) => level === 1).map(({ index }) => index);
  await allInOrder([
    client.query({ ...insertNodes, values: columns }),
    client.query({ ...insertLeafTiles, values: [tiles] }),
  ]);
}

/** The type of a column of `event`. */
function postgresType(column: keyof EventTable): string {
  if (!isField(column)) return "bytea";
  const { type } = eventFields[column];
  return type === "integer" || type === "time" ? "bigint" : "text";
}

function isField(column: keyof EventTable): column is EventFieldName {
  return Object.hasOwn(eventFields, column);
}

/** Waits for statements that were sent in one go; of several that fail the first says why, the others fail with it. */
export async function allInOrder(statements: readonly Promise<unknown>[]): Promise<void> {
  for (const outcome of await Promise.allSettled(statements)) {
    if (outcome.status === "rejected") throw outcome.reason;
  }
}

/** What the messages begin with in which triggers hand over changes. */
export const notePrefix = "ironlog change ";

type Members = Parameters<typeof notedImage>[0];

/** The change that a trigger's message tells of. */
export function changeOf(json: string): RowChange {
  const [table, key, before, after, beside] = JSON.parse(json) as [string, string, Members, Members, StoredMac | null];
  return {
    table,
    key,
    before: notedImage(before),
    after: notedImage(after),
    mac: beside === null ? null : macOf(beside),
  };
}

/** A row of `row_mac` as PostgreSQL's JSON has it. */
interface StoredMac {
  readonly event_id: number;
  readonly salt: string;
  readonly key_id: string;
  readonly mac: string;
}

function macOf({ event_id, salt, key_id, mac }: StoredMac): RowMac {
  return { event_id, salt: bytesOf(salt), key_id, mac: bytesOf(mac) };
}

function bytesOf(text: string): Buffer {
  return Buffer.from(text.slice(2), "hex");
}

const writeMacs = {
  name: "write-row-macs",
  text: `insert into row_mac (table_name, key, event_id, salt, key_id, mac)
    select * from unnest($1::text[], $2::text[], $3::bigint[], $4::bytea[], $5::text[], $6::bytea[])
    on conflict (table_name, key) do update
      set event_id = excluded.event_id, salt = excluded.salt, key_id = excluded.key_id, mac = excluded.mac`,
};

const deleteMacs = {
  name: "delete-row-macs",
  text: `delete from row_mac using unnest($1::text[], $2::text[]) as gone (table_name, key)
    where row_mac.table_name = gone.table_name and row_mac.key = gone.key`,
};

/** Writes what stands beside rows, and takes it away where they are gone, in as many statements as there are kinds of them. */
export function writeRowMacs(client: pg.Client, rows: readonly PendingRowMac[]): readonly Promise<unknown>[] {
  const living = rows.filter((row): row is PendingRowMac & { readonly mac: RowMac } => row.mac !== undefined);
  const gone = rows.filter(({ mac }) => mac === undefined);
  const written = [
    living.map(({ table }) => table),
    living.map(({ key }) => key),
    living.map(({ mac }) => mac.event_id),
    living.map(({ mac }) => mac.salt),
    living.map(({ mac }) => mac.key_id),
    living.map(({ mac }) => mac.mac),
  ];
  return [
    ...(living.length === 0 ? [] : [client.query({ ...writeMacs, values: written })]),
    ...(gone.length === 0
      ? []
      : [client.query({ ...deleteMacs, values: [gone.map(({ table }) => table), gone.map(({ key }) => key)] })]),
  ];
}

/**
 * Commits, with the head at its new place. PostgreSQL answers the commit of a transaction that has failed with a rollback, and
 * with no error.
 */
export async function commit(client: pg.Client, moveHead = ""): Promise<void> {
  const answers: pg.QueryResult | pg.QueryResult[] = await client.query(`${moveHead}commit`);
  const last = Array.isArray(answers) ? answers.at(-1) : answers;
  if (last?.command === "COMMIT") return;
  throw new Error("PostgreSQL took the whole transaction back instead of committing it");
}

function literal(bytes: Uint8Array): string {
  return `'\\x${Buffer.from(bytes).toString("hex")}'`;
}

export const closeAction = {
  name: "close-action",
  text: "select ironlog_close_action() as origin, current_setting('ironlog.changes', true) as changes",
};

export const lockHead =
  "select last_event_id, last_created, frontier, key_id, mac, newest_mac from log_head where one = 1 for update";
export const readSurroundings = `select (select max(moved) from log_move) as moved, (${originQuery}) as origin`;

/** The statement that moves the head. */
export function moveHead(head: WriteTransaction["head"] & ReturnType<AppendKeys["authenticate"]>): string {
  return `update log_head set last_event_id = ${head.last_event_id}, last_created = ${head.last_created},
    frontier = ${literal(head.frontier)}, key_id = '${head.key_id}', mac = ${literal(head.mac)}, newest_mac = ${literal(head.newest_mac)} where one = 1; `;
}
