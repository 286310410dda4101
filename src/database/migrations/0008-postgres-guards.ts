import { sql } from "kysely";
import type { SchemaStep } from "./step.ts";

/** The event that the open action will write. */
const marker = `nullif(current_setting('ironlog.event_id', true), '')::bigint`;

/**
 * Tighter guards on PostgreSQL, where the marker of an open action is a setting that the serving role can set to anything:
 * an action is open only while the marker names the very next event, it ends only with an event that this transaction has
 * written, and nobody's temporary tables stand in for ours. SQLite's marker is a table with guards of its own.
 */
export const postgresGuards: SchemaStep = {
  async up(db, kind) {
    if (kind === "sqlite") return;
    const { rows } = await sql<{ schema: string }>`select current_schema() as schema`.execute(db);
    const path = `"${(rows[0]?.schema ?? "public").replaceAll('"', '""')}", pg_temp`;
    const statements = [...guards, ...functions.map((name) => `alter function ${name} set search_path = ${path}`)];
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};

const refuse = (name: string, condition: string, message: string): string =>
  `create or replace function ${name}() returns trigger language plpgsql as $$
    begin
      if ${condition} then
        raise exception using errcode = 'integrity_constraint_violation', message = ${message};
      end if;
      if tg_op = 'DELETE' then return old; end if;
      return new;
    end $$`;

const isClosed = `coalesce(${marker}, 0) <> (select last_event_id + 1 from log_head)`;

/** Within an action the head has not moved yet, so its first event bears the marker; the others follow it. */
const isMisplaced = `coalesce(${marker}, 0) <> (select last_event_id + 1 from log_head)
  or new.id <> coalesce((select max(id) from event), 0) + 1`;

/** A row's transaction has 32 bits of its number; the rest is that of numbers near this transaction's. */
const current = "pg_current_xact_id()::text::bigint";
const writer = `(${current} + ((event.xmin::text::bigint - ${current}) % 4294967296 + 6442450944) % 4294967296 - 2147483648)`;

/** True of the event if it was written by this transaction or a savepoint in it: what is in progress and seen is our own. */
const isOwnEvent = `pg_xact_status(${writer}::text::xid8) = 'in progress'`;

const guards: readonly string[] = [
  refuse(
    "ironlog_needs_action",
    isClosed,
    `format('a change to %s needs an open action, and this one has none', tg_table_name)`,
  ),
  refuse(
    "ironlog_needs_event",
    `not exists (select 1 from event where id = ${marker} and ${isOwnEvent})`,
    `'an action ends with its event, and this one has none'`,
  ),
  refuse("ironlog_event_insert", isMisplaced, `'an event needs an open action, and event ids have no gaps'`),
  refuse("ironlog_event_needs_action", isClosed, `'the log can only be appended to'`),
  // The name: PostgreSQL fires triggers in the order of their names, and the other one looks at what is changed.
  `create trigger event_erasure_needs_action before update on event
    for each row execute function ironlog_event_needs_action()`,
  `create constraint trigger event_erasure_needs_event after update on event
    deferrable initially deferred for each row execute function ironlog_needs_event()`,
];

const functions: readonly string[] = [
  "ironlog_needs_action()",
  "ironlog_needs_event()",
  "ironlog_append_only()",
  "ironlog_event_insert()",
  "ironlog_event_update()",
  "ironlog_event_needs_action()",
  "ironlog_head_update()",
  "ironlog_checkpoint_insert()",
  "ironlog_checkpoint_update()",
  "ironlog_tree_grows()",
  "ironlog_close_action(bigint, bigint, bytea)",
];
