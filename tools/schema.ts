import { writeFileSync } from "node:fs";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Kysely, PostgresDialect, sql } from "kysely";
import { NodeSqliteDialect } from "../src/database/dialects/node-sqlite.ts";
import { createConnectionPool } from "../src/database/dialects/postgres.ts";
import { migrate } from "../src/database/migrate.ts";
import { asking, readPostgresSchema } from "../src/database/schema-check/postgres-schema.ts";
import type { SchemaText } from "../src/database/schema-check/schema.ts";
import { readSqliteSchema } from "../src/database/schema-check/sqlite-schema.ts";
import type { Tables } from "../src/database/tables.ts";
import { startCluster } from "../test/support/databases/postgres-cluster.ts";

// Writes what the migrations make on each database to where every start and every verification compares it: `npm run docs`.
// A test fails where they differ.

/** The schema that the migrations make in a SQLite file. */
export async function migratedSqliteSchema(): Promise<SchemaText> {
  using database = new DatabaseSync(":memory:");
  await migrate(new Kysely<Tables>({ dialect: new NodeSqliteDialect(database) }), "sqlite");
  return readSqliteSchema(database);
}

/** The schema that the migrations make in an empty PostgreSQL database. */
export async function migratedPostgresSchema(url: string): Promise<SchemaText> {
  const pool = createConnectionPool(url, "building", { max: 2 });
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  try {
    await migrate(db, "postgres");
    const tables = await sql<{
      name: string;
    }>`select table_name as name from information_schema.tables where table_schema = current_schema()`.execute(db);
    return await readPostgresSchema(
      asking(pool),
      tables.rows.map(({ name }) => name),
    );
  } finally {
    await db.destroy();
  }
}

async function writeSchemas(): Promise<void> {
  write("expected-sqlite.json", await migratedSqliteSchema());
  const cluster = await startCluster();
  try {
    write("expected-postgres.json", await migratedPostgresSchema(cluster.url));
  } finally {
    await cluster.stop();
  }
}

function write(file: string, schema: SchemaText): void {
  const folder = path.join(import.meta.dirname, "..", "src", "database", "schema-check");
  writeFileSync(path.join(folder, file), `${JSON.stringify(schema, null, 2)}\n`);
}

if (import.meta.main) await writeSchemas();
