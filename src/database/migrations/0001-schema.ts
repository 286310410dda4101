import { sql } from "kysely";
import { accounts } from "./schema/accounts.ts";
import { bookkeeping } from "./schema/bookkeeping.ts";
import { columnTypes, guardTable } from "./schema/building-blocks.ts";
import { keys } from "./schema/keys.ts";
import { log } from "./schema/log.ts";
import { noteChanges } from "./schema/note-changes.ts";
import { nodes } from "./schema/nodes.ts";
import { postgresGuards } from "./schema/postgres-guards.ts";
import { scripts } from "./schema/scripts.ts";
import { settings } from "./schema/settings.ts";
import { sqliteGuards } from "./schema/sqlite-guards.ts";
import { transparency } from "./schema/transparency.ts";
import type { SchemaStep } from "./step.ts";

const parts = [accounts, settings, nodes, keys, scripts, log, transparency, bookkeeping];

/** The tables whose every change an event commits to, with the columns that tell their rows apart. */
export const auditedTables = Object.assign({}, ...parts.map((part) => part.audited ?? {})) as Readonly<
  Record<string, readonly string[]>
>;

/** Every table of the first version, with its indexes and with what the database itself refuses, whoever asks. */
export const schema: SchemaStep = {
  async up(db, kind) {
    const types = columnTypes(kind);
    const { rows } = await sql<{
      schema: string;
    }>`select ${kind === "sqlite" ? sql.lit("") : sql`current_schema()`} as schema`.execute(db);
    const statements = [
      ...parts.flatMap((part) => part.tables(types, kind)),
      // The guards of single tables call functions that the general ones make.
      ...(kind === "sqlite" ? sqliteGuards : postgresGuards(rows[0]?.schema ?? "public")),
      ...[...Object.keys(auditedTables), ...parts.flatMap(({ guarded = [] }) => guarded)].flatMap((table) =>
        guardTable(kind, table),
      ),
    ];
    for (const statement of statements) await sql.raw(statement).execute(db);
    for (const statement of await noteChanges(db, kind, auditedTables)) await sql.raw(statement).execute(db);
  },
};
