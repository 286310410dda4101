import { auditedTables } from "../../../src/database/migrations/0001-schema.ts";
import type { Kind } from "../../support/databases/databases.ts";
import { type Draw, isSame, literal, otherBytes, otherText, pick, type Row, type Value } from "../mutations.ts";

// Changes of what isn't an event, drawn from a seed: rows that say who may do what, what stands beside them, sequences, tiles.

/** The tables and what tells their rows apart. */
export const stateTables: Readonly<Record<string, readonly string[]>> = {
  ...auditedTables,
  row_mac: ["table_name", "key"],
  leaf_tile: ["position"],
};

export type StateRows = Readonly<Record<string, readonly Row[]>>;

export interface StateMutation {
  readonly what: string;
  readonly statements: readonly string[];
}

/** A change that the draw gives. */
export function drawStateMutation(draw: Draw, rows: StateRows, kind: Kind): StateMutation {
  const filled = Object.keys(rows).filter((table) => (rows[table]?.length ?? 0) > 0);
  for (;;) {
    const table = pick(draw, filled);
    const row = pick(draw, rows[table] ?? []);
    const drawn = pick(draw, ways)({ draw, table, row, others: rows[table] ?? [], kind });
    if (drawn !== undefined) return drawn;
  }
}

interface Place {
  readonly draw: Draw;
  readonly table: string;
  readonly row: Row;
  readonly others: readonly Row[];
  readonly kind: Kind;
}

const ways: readonly ((place: Place) => StateMutation | undefined)[] = [
  changeColumn,
  changeColumn,
  changeColumn,
  deleteRow,
  copyRow,
  swapRows,
  lowerSequence,
];

function changeColumn({ draw, table, row, others, kind }: Place): StateMutation | undefined {
  const column = pick(draw, Object.keys(row));
  const old = row[column] ?? null;
  const fresh = otherValue(
    draw,
    old,
    others.map((other) => other[column] ?? null),
    kind,
  );
  if (fresh === undefined || isSame(old, fresh)) return undefined;
  const what = `${table}.${column} of ${where(table, row, kind)} became ${literal(fresh, kind)}`;
  return {
    what,
    statements: [`update "${table}" set "${column}" = ${literal(fresh, kind)} where ${where(table, row, kind)}`],
  };
}

function otherValue(draw: Draw, old: Value, others: readonly Value[], kind: Kind): Value | undefined {
  if (draw(4) === 0) return pick(draw, others);
  if (typeof old === "number") return old === 0 || old === 1 ? 1 - old : old + pick(draw, [1, -1, 1_000_000]);
  if (typeof old === "string") return otherText(draw, old, kind);
  return old === null ? undefined : otherBytes(draw, old);
}

function deleteRow({ table, row, kind }: Place): StateMutation {
  const place = where(table, row, kind);
  return { what: `${table} ${place} was deleted`, statements: [`delete from "${table}" where ${place}`] };
}

/** Under another key; where another column must be unique the database refuses. */
function copyRow({ table, row, kind }: Place): StateMutation | undefined {
  const [key] = stateTables[table] ?? [];
  if (key === undefined || typeof row[key] !== "number") return undefined;
  const copy = { ...row, [key]: row[key] + 1_000 };
  const values = Object.entries(copy).map(([column, value]) => {
    return /^(username|email_key|token_key|consumer_key|token_hash|system_id|hostname|name|mac|origin)$/.test(column)
      ? literal(typeof value === "string" ? `${value}x` : value, kind)
      : literal(value, kind);
  });
  const columns = Object.keys(copy).map((column) => `"${column}"`);
  return {
    what: `${table} ${where(table, row, kind)} was copied`,
    statements: [`insert into "${table}" (${columns.join(", ")}) values (${values.join(", ")})`],
  };
}

/** The same column of two rows. */
function swapRows({ draw, table, row, others, kind }: Place): StateMutation | undefined {
  const other = pick(draw, others);
  const column = pick(draw, Object.keys(row));
  const [one = null, two = null] = [row[column], other[column]];
  if ((stateTables[table] ?? []).includes(column) || isSame(one, two)) return undefined;
  const set = (place: Row, value: Value): string =>
    `update "${table}" set "${column}" = ${literal(value, kind)} where ${where(table, place, kind)}`;
  return { what: `${table}.${column} of two rows changed places`, statements: [set(row, two), set(other, one)] };
}

function lowerSequence({ draw, table, row, kind }: Place): StateMutation | undefined {
  const id = row["id"];
  if (typeof id !== "number" || id < 2 || stateTables[table]?.[0] !== "id") return undefined;
  const last = 1 + draw(id - 1);
  const statement =
    kind === "sqlite"
      ? `update sqlite_sequence set seq = ${last} where name = '${table}'`
      : `select setval(pg_get_serial_sequence('"${table}"', 'id'), ${last})`;
  return { what: `the sequence of ${table} was set back to ${last}`, statements: [statement] };
}

function where(table: string, row: Row, kind: Kind): string {
  return (stateTables[table] ?? []).map((key) => `"${key}" = ${literal(row[key] ?? null, kind)}`).join(" and ");
}
