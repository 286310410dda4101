import { type Ask, fromOwn, ownTables } from "./postgres-schema.ts";

interface Index {
  readonly table: string;
  readonly name: string;
  /** Its columns, for `order by`. */
  readonly columns: string;
  /** What a partial index is limited to by its text. */
  readonly condition: string;
}

/** What a count along the indexes found; `uncounted` are those that PostgreSQL would not go along. */
export interface IndexCounts {
  readonly faults: readonly string[];
  readonly uncounted: readonly string[];
  /** Tables that this role may not read. */
  readonly unread: readonly string[];
}

/**
 * Counts the rows of each table, and again along each of its indexes. An index that lacks entries hides rows from queries,
 * whatever its text says. Takes a connection of its own that is in no transaction.
 */
export async function countAlongIndexes(ask: Ask): Promise<IndexCounts> {
  const indexes = await ask<Index>(
    `${fromOwn} select own.relname as table, index.relname as name, pg_get_expr(indpred, indrelid) as condition,
        (select string_agg(pg_get_indexdef(indexrelid, at, false), ', ' order by at)
          from generate_series(1, indnkeyatts) as at) as columns
      from own join pg_index on indrelid = own.oid join pg_class as index on index.oid = indexrelid
      where indisvalid and indisready and own.relkind = 'r' and has_table_privilege(own.oid, 'select')
        -- A standby has no unlogged tables.
        and (index.relpersistence <> 'u' or not pg_is_in_recovery())
      order by own.relname, index.relname`,
    [ownTables],
  );
  const unread = await ask<{ table: string }>(
    `${fromOwn} select relname as table from own where not has_table_privilege(oid, 'select') order by relname`,
    [ownTables],
  );
  // One snapshot for all counts, while others write.
  await ask("begin isolation level repeatable read read only");
  try {
    const faults: string[] = [];
    const uncounted: string[] = [];
    for (const [table, own] of Map.groupBy(indexes, (index) => index.table)) {
      const rows = await countRows(ask, table, own);
      for (const index of own) {
        const entries = await countEntries(ask, index);
        if (entries === undefined) uncounted.push(index.name);
        else if (entries !== rows.get(index)) faults.push(incomplete(index, entries, rows.get(index) ?? 0));
      }
    }
    return { faults, uncounted, unread: unread.map(({ table }) => table) };
  } finally {
    await ask("rollback");
  }
}

const settingsFor = (isAlongIndexes: boolean): string =>
  Object.entries({
    enable_indexscan: isAlongIndexes,
    enable_indexonlyscan: isAlongIndexes,
    enable_seqscan: !isAlongIndexes,
    enable_bitmapscan: false,
    enable_sort: !isAlongIndexes,
    enable_incremental_sort: false,
    jit: false,
  })
    .map(([name, isOn]) => `set local ${name} = ${isOn ? "on" : "off"}`)
    .join("; ");

/** The rows that each index should have an entry for, by one way through the table. */
async function countRows(ask: Ask, table: string, indexes: readonly Index[]): Promise<ReadonlyMap<Index, number>> {
  await ask(settingsFor(false));
  const counts = indexes.map(({ condition }, at) => `count(*) filter (where ${condition ?? "true"}) as "${at}"`);
  const [row] = await ask<Readonly<Record<string, number>>>(`select ${counts.join(", ")} from ${quoted(table)}`);
  return new Map(indexes.map((index, at) => [index, row?.[at] ?? 0]));
}

/** Undefined where PostgreSQL takes another way than along this index. */
async function countEntries(ask: Ask, { table, name, columns, condition }: Index): Promise<number | undefined> {
  await ask(settingsFor(true));
  // `offset 0` keeps the order, and so the way.
  const ordered = `select from ${quoted(table)} where ${condition ?? "true"} order by ${columns} offset 0`;
  const query = `select count(*) as entries from (${ordered}) as ordered`;
  const [plan] = await ask<Readonly<Record<string, unknown>>>(`explain (format json, costs off) ${query}`);
  if (!JSON.stringify(plan).includes(`"Index Name":${JSON.stringify(name)}`)) return undefined;
  const [row] = await ask<{ readonly entries: number }>(query);
  return row?.entries;
}

/** Has PostgreSQL's own check look at every entry of every index. Gives what it says, or why it can't be asked. */
export async function checkEveryEntry(
  ask: Ask,
): Promise<{ readonly faults: readonly string[]; readonly note?: string }> {
  const [amcheck] = await ask<{ schema: string }>(
    `select nspname as schema from pg_extension join pg_namespace on pg_namespace.oid = extnamespace where extname = 'amcheck'`,
  );
  if (amcheck === undefined) {
    return {
      faults: [],
      note: "the extension amcheck isn't there, so the indexes were counted and not checked entry by entry: create extension amcheck",
    };
  }
  const check = `${quoted(amcheck.schema)}.bt_index_check`;
  const indexes = await ask<{ oid: number; name: string; isAllowed: boolean }>(
    `${fromOwn} select indexrelid::int8 as oid, index.relname as name,
        has_function_privilege($2 || '(regclass, boolean)', 'execute') as "isAllowed"
      from own join pg_index on indrelid = own.oid join pg_class as index on index.oid = indexrelid
      where indisvalid and own.relkind = 'r' order by index.relname`,
    [ownTables, check],
  );
  if (indexes.some(({ isAllowed }) => !isAllowed)) {
    const note = `this role may not call amcheck: grant execute on function ${check}(regclass, boolean) to it`;
    return { faults: [], note };
  }
  const faults: string[] = [];
  for (const { oid, name } of indexes) {
    try {
      await ask(`select ${check}($1::oid::regclass, true)`, [oid]);
    } catch (error) {
      faults.push(`the index ${name}: amcheck says: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return { faults };
}

function incomplete({ name, table }: Index, entries: number, rows: number): string {
  return `the index ${name} of table ${table} has ${entries} entries for ${rows} rows: reindex index ${name}`;
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
