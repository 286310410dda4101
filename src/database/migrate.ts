import { type Kysely, sql } from "kysely";
import { type Migration, Migrator } from "kysely/migration";
import { UnusableDatabase } from "./failures.ts";
import { foundation } from "./migrations/0001-foundation.ts";
import { settings } from "./migrations/0002-settings.ts";
import { nodes } from "./migrations/0003-nodes.ts";
import { keys } from "./migrations/0004-keys.ts";
import { scripts } from "./migrations/0005-scripts.ts";
import { reports } from "./migrations/0006-reports.ts";
import { tree } from "./migrations/0007-tree.ts";
import { postgresGuards } from "./migrations/0008-postgres-guards.ts";
import { postgresHead } from "./migrations/0009-postgres-head.ts";
import { passwordEnds } from "./migrations/0010-password-ends.ts";
import { eventsStay } from "./migrations/0011-events-stay.ts";
import { nonces } from "./migrations/0014-nonces.ts";
import { nodeDetails } from "./migrations/0016-node-details.ts";
import type { SchemaStep, SqlKind } from "./migrations/step.ts";
import { workers } from "./migrations/0017-workers.ts";
import type { Tables } from "./tables.ts";

/** Every step, oldest first. The names are stored in the database. */
const steps: Readonly<Record<string, SchemaStep>> = {
  "0001-foundation": foundation,
  "0002-settings": settings,
  "0003-nodes": nodes,
  "0004-keys": keys,
  "0005-scripts": scripts,
  "0006-reports": reports,
  "0007-tree": tree,
  "0008-postgres-guards": postgresGuards,
  "0009-postgres-head": postgresHead,
  "0010-password-ends": passwordEnds,
  "0011-events-stay": eventsStay,
  "0014-nonces": nonces,
  "0016-node-details": nodeDetails,
  "0017-workers": workers,
};

/** The names of every step: what an open database has been brought to. */
export const schemaSteps: readonly string[] = Object.keys(steps);

/**
 * Applies what the database lacks, in one transaction, under a lock that other servers respect.
 *
 * Returns the names of what was applied. Throws `UnusableDatabase` where the schema is newer than this program.
 */
export async function migrate(db: Kysely<Tables>, kind: SqlKind): Promise<readonly string[]> {
  await refuseNewer(db, kind);
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

async function refuseNewer(db: Kysely<Tables>, kind: SqlKind): Promise<void> {
  const catalogue =
    kind === "sqlite"
      ? sql<{ name: string }>`select name from sqlite_schema where type = 'table'`
      : sql<{
          name: string;
        }>`select table_name as name from information_schema.tables where table_schema = current_schema()`;
  const tables = (await catalogue.execute(db)).rows.map(({ name }) => name);
  if (!tables.includes("kysely_migration")) {
    if (tables.length === 0) return;
    throw new UnusableDatabase(
      `the database holds tables of another program (${tables.slice(0, 3).join(", ")}): give Ironlog one of its own`,
    );
  }
  const applied = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(db);
  const unknown = applied.rows.map(({ name }) => name).filter((name) => !(name in steps));
  if (unknown.length > 0) {
    throw new UnusableDatabase(
      `the database was written by a newer Ironlog (it has ${unknown.join(", ")}): upgrade this one, or restore an older backup`,
    );
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error("a migration failed", { cause: error });
}
