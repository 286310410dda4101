import type pg from "pg";
import { schemaSteps } from "../migrate.ts";
import { findPostgresSchemaFaults } from "./postgres-faults.ts";
import { findUnknownRights } from "./postgres-grants-check.ts";
import { checkEveryEntry, countAlongIndexes } from "./postgres-indexes.ts";
import { type Ask, asking } from "./postgres-schema.ts";
import type { Examination } from "./schema.ts";
import { stepFaults } from "./steps.ts";

/** Looks at the schema, along each index and at what roles may do; deep: at every entry of every index. */
export async function examinePostgres(pool: pg.Pool, isDeep: boolean): Promise<Examination> {
  const client = await pool.connect();
  try {
    const ask = asking(client);
    const differences = await findPostgresSchemaFaults(ask);
    const unreadable: string[] = [];
    const steps = await readable("kysely_migration", appliedSteps(ask), unreadable);
    const counts = await readable("an index or its table", countAlongIndexes(ask), unreadable);
    const rights = await readable("the grants in the log", findUnknownRights(ask), unreadable);
    const deep = isDeep ? await checkEveryEntry(ask) : undefined;
    const { faults = [], uncounted = [], unread = [] } = counts ?? {};
    return {
      faults: [...differences, ...stepFaults(schemaSteps, steps), ...faults, ...unreadable, ...(deep?.faults ?? [])],
      warnings: rights?.writes ?? [],
      notes: [
        ...(rights?.reads ?? []),
        ...(uncounted.length === 0 ? [] : [`PostgreSQL would not go along these indexes: ${uncounted.join(", ")}`]),
        ...(unread.length === 0 ? [] : [`this role may not read these tables: ${unread.join(", ")}`]),
        ...(deep?.note === undefined ? [] : [deep.note]),
      ],
    };
  } finally {
    client.release();
  }
}

async function appliedSteps(ask: Ask): Promise<readonly string[]> {
  return (await ask<{ name: string }>("select name from kysely_migration order by name")).map(({ name }) => name);
}

/** Undefined where a table or a column isn't there, which is a fault already, and where PostgreSQL can't read one. */
async function readable<Answer>(what: string, answer: Promise<Answer>, faults: string[]): Promise<Answer | undefined> {
  try {
    return await answer;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    if (code === "42P01" || code === "42703") return undefined;
    // Damaged data, and errors of the disk.
    if (!(error instanceof Error) || !/^(?:XX|58)/.test(code)) throw error;
    faults.push(`${what} can't be read: ${error.message}`);
    return undefined;
  }
}
