import { type Kysely, sql } from "kysely";
import { accounts } from "./schema/accounts.ts";
import { alerting } from "./schema/alerting.ts";
import { bookkeeping } from "./schema/bookkeeping.ts";
import { columnTypes, guardTable } from "./schema/building-blocks.ts";
import { forwarding } from "./schema/forwarding.ts";
import { keys } from "./schema/keys.ts";
import { log } from "./schema/log.ts";
import { noteChanges } from "./schema/note-changes.ts";
import { mirroring } from "./schema/mirroring.ts";
import { nodes } from "./schema/nodes.ts";
import { oidc } from "./schema/oidc.ts";
import { postgresGuards } from "./schema/postgres-guards.ts";
import { scripts } from "./schema/scripts.ts";
import { secondFactor } from "./schema/second-factor.ts";
import { settings } from "./schema/settings.ts";
import { sqliteGuards } from "./schema/sqlite-guards.ts";
import { transparency } from "./schema/transparency.ts";
import { views } from "./schema/views.ts";
import type { SchemaStep } from "./step.ts";
import type { Tables } from "../tables.ts";

const parts = [
  accounts,
  secondFactor,
  oidc,
  settings,
  nodes,
  keys,
  scripts,
  log,
  mirroring,
  forwarding,
  alerting,
  views,
  transparency,
  bookkeeping,
];

/** The tables whose every change an event commits to, with the columns that tell their rows apart. */
export const auditedTables = Object.assign({}, ...parts.map((part) => part.audited ?? {})) as Readonly<
  Record<string, readonly string[]>
>;

/** Every table of the first version, with its indexes and with what the database itself refuses, whoever asks. */
export const schema: SchemaStep = {
  async up(db, kind) {
    const types = columnTypes(kind);
    const schema = kind === "postgres" ? await currentSchema(db) : undefined;
    const statements = [
      ...parts.flatMap((part) => part.tables(types, kind)),
      // The guards of single tables call functions that the general ones make.
      ...(schema === undefined ? sqliteGuards : postgresGuards(schema)),
      ...[...Object.keys(auditedTables), ...parts.flatMap(({ guarded = [] }) => guarded)].flatMap((table) =>
        guardTable(kind, table),
      ),
    ];
    for (const statement of statements) await sql.raw(statement).execute(db);
    for (const statement of await noteChanges(db, schema, auditedTables)) await sql.raw(statement).execute(db);
  },
};

async function currentSchema(db: Kysely<Tables>): Promise<string> {
  const { rows } = await sql<{ schema: string }>`select current_schema() as schema`.execute(db);
  return rows[0]?.schema ?? "public";
}
