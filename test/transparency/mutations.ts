import type { Kind } from "../support/databases/databases.ts";

// Single changes behind Ironlog's back, drawn from a seed: what somebody with the database's password could do.

export type Value = string | number | Uint8Array | null;
export type Row = Readonly<Record<string, Value>>;
export type Rows = Readonly<Record<ChangedTable, readonly Row[]>>;

/** What a verification vouches for, and how its rows are told apart. */
export const changedTables = {
  event: ["id"],
  tree_node: ["level", "position"],
  log_head: ["one"],
  checkpoint: ["id"],
  log_identity: ["id"],
} as const;
export type ChangedTable = keyof typeof changedTables;

export interface Mutation {
  readonly seed: number;
  /** In words, with the values. */
  readonly what: string;
  readonly statements: readonly string[];
  /** The event that a verification must name; undefined where the change is about the log as a whole. */
  readonly event: number | undefined;
}

/** Columns that no change can be found of, each with its reason. */
const free: Partial<Record<ChangedTable, readonly string[]>> = {
  // The database draws it, and may leave some out.
  log_identity: ["id"],
  log_head: ["one"],
};

/** Numbers from a seed, the same everywhere: mulberry32. */
export function numbersFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

/** The change of that seed. Three of four are of one column. */
export function drawMutation(seed: number, rows: Rows, kind: Kind): Mutation {
  const draw = numbersFrom(seed);
  for (;;) {
    const drawn = draw(4) > 0 ? changedColumn(draw, rows, kind) : changedRows(draw, rows);
    if (drawn !== undefined) return { seed, ...drawn };
  }
}

/** Gives the next number below one. */
export type Draw = ReturnType<typeof numbersFrom>;
type Drawn = Omit<Mutation, "seed"> | undefined;

function changedColumn(draw: Draw, rows: Rows, kind: Kind): Drawn {
  const table = pick(draw, ["event", "event", "event", "event", "tree_node", "log_head", "checkpoint", "log_identity"]);
  const row = pick(draw, rows[table as ChangedTable]);
  const column = pick(draw, Object.keys(row));
  if (free[table as ChangedTable]?.includes(column) === true) return undefined;
  const old = row[column] ?? null;
  const others = rows[table as ChangedTable].map((other) => other[column] ?? null);
  const fresh = otherValue(draw, { table, column, old, others, kind });
  if (fresh === undefined || isSame(old, fresh)) return undefined;
  return {
    what: `${table}.${column} of ${keyOf(table as ChangedTable, row)}: ${literal(old, kind)} became ${literal(fresh, kind)}`,
    statements: [`update ${table} set ${column} = ${literal(fresh, kind)} where ${keyOf(table as ChangedTable, row)}`],
    event: table === "event" ? Number(row["id"]) : undefined,
  };
}

interface Cell {
  readonly table: string;
  readonly column: string;
  readonly old: Value;
  /** The same column in all rows. */
  readonly others: readonly Value[];
  readonly kind: Kind;
}

/** Columns that the database itself keeps from being null. */
const neverNull =
  /^(id|level|type|action|outcome|source|created|commitments|leaf_hash|position|hash|size|note|signed|origin|log_key|cosigner_key|since_size|last_event_id|last_created|frontier)$/;
const texts = ["", "admin", "nobody", "ADMIN", " ", "https://example.com/log"];

/** Another value of the column's type, or undefined where this draw gives none. */
function otherValue(draw: Draw, { table, column, old, others, kind }: Cell): Value | undefined {
  if (column === "outcome") return old === "success" ? "failure" : "success";
  if (column === "source") return old === "ironlog" ? "external" : "ironlog";
  const isKey = (changedTables[table as ChangedTable] as readonly string[]).includes(column);
  const way = draw(6);
  if (way === 0 && !neverNull.test(column)) return null;
  if (way === 1 && !isKey) return pick(draw, others);
  const model = old ?? others.find((value) => value !== null) ?? exampleOf(column);
  if (typeof model === "number") {
    const number = model + pick(draw, [1, -1, 2, 256, -256, 1_000_000, -1_000_000, 3_600_000_000]);
    // A head that is far ahead has a test of its own: test/transparency/verify-command.test.ts.
    if (column === "last_event_id" && number - model > 256) return undefined;
    return isKey && others.includes(number) ? undefined : number;
  }
  if (typeof model === "string") return otherText(draw, model, kind);
  return otherBytes(draw, model);
}

/** A value of the column's type, where no row has one. */
function exampleOf(column: string): Exclude<Value, null> {
  if (/_id$|occurred|generation/.test(column)) return 1;
  return /_(?:salt|bytes)$/.test(column) ? new Uint8Array(32) : "";
}

/** Another text that looks like it, or not at all. */
export function otherText(draw: Draw, old: string, kind: Kind): string {
  const at = draw(old.length + 1);
  switch (draw(7)) {
    case 0:
      return old.slice(0, at) + old.slice(at + 1);
    case 1:
      return `${old.slice(0, at)}${pick(draw, ["x", " ", "\n", "\u0301", "\u200b", "'"])}${old.slice(at)}`;
    case 2:
      return old.normalize("NFD");
    case 3:
      return draw(2) === 0 ? old.toUpperCase() : old.toLowerCase();
    case 4:
      return kind === "sqlite" ? `${old}\0${pick(draw, texts)}` : `${old} `;
    case 5:
      return pick(draw, texts);
    default:
      return (
        old.slice(0, at) + String.fromCharCode(((old.charCodeAt(at) || 32) ^ 1) % 0xd800 || 33) + old.slice(at + 1)
      );
  }
}

/** Bytes that are cut, longer, empty or have one bit turned. */
export function otherBytes(draw: Draw, old: Uint8Array): Uint8Array {
  const bytes = Buffer.from(old);
  const at = draw(Math.max(1, bytes.length));
  switch (draw(5)) {
    case 0:
      return bytes.subarray(0, at);
    case 1:
      return Buffer.concat([bytes, Buffer.of(draw(256))]);
    case 2:
      return Buffer.alloc(bytes.length);
    default:
      bytes[at] = (bytes[at] ?? 0) ^ (1 << draw(8));
      return bytes;
  }
}

function changedRows(draw: Draw, rows: Rows): Drawn {
  const events = rows.event;
  const last = Number(events.at(-1)?.["id"]);
  const one = 1 + draw(last);
  const other = 1 + draw(last);
  const columns = Object.keys(events[0] ?? {});
  const copied = (id: number, as: number): string =>
    `insert into event (${columns.join(", ")}) select ${columns.map((name) => (name === "id" ? String(as) : name)).join(", ")} from event where id = ${id}`;
  switch (draw(8)) {
    case 0:
      return { what: `event ${one} was deleted`, statements: [`delete from event where id = ${one}`], event: one };
    case 1:
      if (one === other) return undefined;
      return { what: `events ${one} and ${other} changed places`, statements: swapped(one, other), event: one };
    case 2: {
      const id = pick(draw, [last + 1, last + 2, 0, -1, -one]);
      return { what: `event ${one} was inserted again as ${id}`, statements: [copied(one, id)], event: id };
    }
    case 3:
      return {
        what: `the events from ${one} on were cut off`,
        statements: [`delete from event where id >= ${one}`],
        event: one,
      };
    case 4: {
      const { level, position } = pick(draw, rows.tree_node);
      const where = `level = ${String(level)} and position = ${String(position)}`;
      return {
        what: `the tree's node ${where} was deleted`,
        statements: [`delete from tree_node where ${where}`],
        event: undefined,
      };
    }
    case 5: {
      const place = pick(draw, ["1, 1", "1, -1", "2, 0", "0, 0", "1, 77"]);
      const statement = `insert into tree_node (level, position, hash) select ${place}, hash from tree_node where level = 1 and position = 0`;
      return { what: `a node of the tree was inserted at ${place}`, statements: [statement], event: undefined };
    }
    case 6: {
      const id = Number(pick(draw, rows.checkpoint.slice(0, -1))["id"]);
      return {
        what: `checkpoint ${id} was deleted`,
        statements: [`delete from checkpoint where id = ${id}`],
        event: undefined,
      };
    }
    default: {
      const id = rows.checkpoint.length + 1 + draw(3);
      const statement = `insert into checkpoint (id, size, note, signed) select ${id}, size, note, signed from checkpoint where id = 1`;
      return { what: `checkpoint 1 was inserted again as ${id}`, statements: [statement], event: undefined };
    }
  }
}

function swapped(one: number, other: number): readonly string[] {
  return [
    `update event set id = -1000000 where id = ${one}`,
    `update event set id = ${one} where id = ${other}`,
    `update event set id = ${other} where id = -1000000`,
  ];
}

function keyOf(table: ChangedTable, row: Row): string {
  return changedTables[table].map((key) => `${key} = ${String(row[key])}`).join(" and ");
}

export function pick<Item>(draw: Draw, items: readonly Item[]): Item {
  // Nobody asks for an item of nothing.
  return items[draw(items.length)] as Item;
}

export function isSame(one: Value, other: Value): boolean {
  if (one instanceof Uint8Array && other instanceof Uint8Array) return Buffer.compare(one, other) === 0;
  return one === other;
}

/** A value as SQL has it. */
export function literal(value: Value, kind: Kind): string {
  if (value === null) return "null";
  if (typeof value === "number") return String(value);
  if (typeof value !== "string") {
    const hex = Buffer.from(value).toString("hex");
    return kind === "sqlite" ? `x'${hex}'` : `'\\x${hex}'::bytea`;
  }
  // SQLite's own texts end at a zero byte.
  if (value.includes("\0")) return `cast(x'${Buffer.from(value).toString("hex")}' as text)`;
  return `'${value.replaceAll("'", "''")}'`;
}
