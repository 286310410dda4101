import { type Kysely, sql } from "kysely";
import { type Migration, Migrator } from "kysely/migration";
import { refuseChanged, UnusableDatabase } from "./failures.ts";
import { schema } from "./migrations/0001-schema.ts";
import type { SchemaStep, SqlKind } from "./migrations/step.ts";
import { findLostStep } from "./schema-check/steps.ts";
import type { Tables } from "./tables.ts";

/** Every step, oldest first. The names are stored in the database. */
const steps: Readonly<Record<string, SchemaStep>> = {
  "0001-schema": schema,
};

/** The names of every step: what an open database has been brought to. */
export const schemaSteps: readonly string[] = Object.keys(steps);

/**
 * Applies what the database lacks, in one transaction, under a lock that other servers respect.
 *
 * Returns the names of what was applied. Throws `UnusableDatabase` where the schema is newer than this program.
 */
export async function migrate(db: Kysely<Tables>, kind: SqlKind): Promise<readonly string[]> {
  const applied = await readApplied(db, kind);
  // Kysely would look through PostgreSQL's whole catalogue, to find that nothing is to be done. A file of SQLite it locks for a moment:
  // so one that another program holds is refused at once.
  if (kind === "postgres" && schemaSteps.every((name) => applied.includes(name))) return [];
  const migrations: Record<string, Migration> = {};
  for (const [name, step] of Object.entries(steps)) {
    migrations[name] = { up: (kysely: Kysely<Tables>) => step.up(kysely, kind) };
  }
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => migrations },
    ...(await placeOf(db, kind)),
  });
  const { error, results } = await migrator.migrateToLatest();
  if (error !== undefined) throw asError(error);
  return (results ?? []).filter(({ status }) => status === "Success").map(({ migrationName }) => migrationName);
}

/** Kysely would take tables of the same names in any schema for these. */
async function placeOf(db: Kysely<Tables>, kind: SqlKind): Promise<{ readonly migrationTableSchema?: string }> {
  if (kind === "sqlite") return {};
  const { rows } = await sql<{ schema: string }>`select current_schema() as schema`.execute(db);
  return rows[0] === undefined ? {} : { migrationTableSchema: rows[0].schema };
}

/** The steps that the database has. Refuses a schema that isn't this program's. */
async function readApplied(db: Kysely<Tables>, kind: SqlKind): Promise<readonly string[]> {
  const catalogue =
    kind === "sqlite"
      ? sql<{ name: string }>`select name from sqlite_schema where type = 'table'`
      : sql<{
          name: string;
        }>`select table_name as name from information_schema.tables where table_schema = current_schema()`;
  const tables = (await catalogue.execute(db)).rows.map(({ name }) => name);
  if (!tables.includes("kysely_migration")) {
    if (tables.length === 0) return [];
    if (tables.includes("log_head")) refuseChanged(["the table kysely_migration is missing"]);
    throw new UnusableDatabase(
      `the database holds tables of another program (${tables.slice(0, 3).join(", ")}): give Ironlog one of its own`,
    );
  }
  const rows = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(db);
  const applied = rows.rows.map(({ name }) => name);
  const unknown = applied.filter((name) => !(name in steps));
  if (unknown.length > 0) {
    throw new UnusableDatabase(
      `the database was written by a newer Ironlog (it has ${unknown.join(", ")}): upgrade this one, or restore an older backup`,
    );
  }
  const lost = findLostStep(schemaSteps, applied, tables);
  if (lost !== undefined) refuseChanged([lost]);
  return applied;
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error("a migration failed", { cause: error });
}
