import type pg from "pg";
import type { TileNode } from "../../verifiable-log/tree.ts";
import { eventColumns } from "../event-columns.ts";
import { type EventFieldName, eventFields } from "../../verifiable-log/event-fields.ts";
import type { EventTable } from "../tables.ts";

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

/** Appends the nodes of full tiles. */
export async function appendNodes(client: pg.Client, nodes: readonly TileNode[]): Promise<void> {
  const columns = [nodes.map(({ level }) => level), nodes.map(({ index }) => index), nodes.map(({ hash }) => hash)];
  await client.query({ ...insertNodes, values: columns });
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
