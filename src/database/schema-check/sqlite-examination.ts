import type { DatabaseSync } from "node:sqlite";
import { schemaSteps } from "../migrate.ts";
import { expectedSqlite } from "./expected.ts";
import { type Examination, schemaDifferences, type TableObjects } from "./schema.ts";
import { readSqliteSchema } from "./sqlite-schema.ts";
import { stepFaults } from "./steps.ts";

/** Looks at the schema of a file alone: quick, for every start. */
export function findSqliteSchemaFaults(database: DatabaseSync): readonly string[] {
  return schemaDifferences(expectedSqlite, readSqliteSchema(database));
}

/** Looks at the schema, at the file's pages, and along each index; deep: at every entry of every index. */
export function examineSqlite(database: DatabaseSync, isDeep: boolean): Examination {
  const differences = findSqliteSchemaFaults(database);
  const faults = [
    ...differences,
    ...stepFaults(schemaSteps, appliedSteps(database)),
    ...pageFaults(database, isDeep ? "integrity_check" : "quick_check"),
    ...Object.entries(expectedSqlite).flatMap(([table, objects]) => indexFaults(database, table, objects)),
  ];
  return { faults, warnings: [], notes: [] };
}

/** Undefined where there is no such table. */
function appliedSteps(database: DatabaseSync): readonly string[] | undefined {
  try {
    const rows = database.prepare("select name from kysely_migration order by name").all();
    return rows.map(({ name }) => String(name));
  } catch {
    return undefined;
  }
}

/** What SQLite says of its own pages. */
function pageFaults(database: DatabaseSync, check: "quick_check" | "integrity_check"): readonly string[] {
  try {
    const said = database
      .prepare(`pragma ${check}`)
      .all()
      .map((row) => String(row[check]));
    return said.filter((line) => line !== "ok").map((line) => `SQLite's ${check} says: ${line}`);
  } catch (error) {
    return [`SQLite's ${check} failed: ${reasonOf(error)}`];
  }
}

/** An index whose text is whole and whose entries aren't: every query along it would leave events out. */
function indexFaults(database: DatabaseSync, table: string, objects: TableObjects): readonly string[] {
  const indexes = Object.entries(objects)
    .filter(([object]) => object.startsWith("index "))
    .map(([object, text]) => ({ name: object.slice("index ".length), where: conditionOf(text) }));
  if (indexes.length === 0) return [];
  // In one statement, so that all count the same rows while others write.
  const filters = indexes.map(({ where }, at) => `count(*) filter (where ${where}) as rows_${at}`);
  const along = indexes.map(
    ({ name, where }, at) => `(select count(*) from "${table}" indexed by "${name}" where ${where}) as entries_${at}`,
  );
  try {
    const counted = database
      .prepare(`select *, ${along.join(", ")} from (select ${filters.join(", ")} from "${table}" not indexed)`)
      .get();
    return indexes.flatMap(({ name }, at) => {
      const [rows, entries] = [counted?.[`rows_${at}`], counted?.[`entries_${at}`]];
      if (rows === entries) return [];
      return [
        `the index ${name} of table ${table} has ${String(entries)} entries for ${String(rows)} rows: reindex ${name}`,
      ];
    });
  } catch (error) {
    return [`the indexes of table ${table} can't be counted: ${reasonOf(error)}`];
  }
}

/** What a partial index is limited to. Ours are written in small letters. */
function conditionOf(text: string): string {
  return /\swhere\s(.*)$/s.exec(text)?.[1] ?? "true";
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
