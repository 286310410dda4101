import { sql } from "kysely";
import type { SchemaStep } from "./step.ts";

/**
 * On PostgreSQL the head of the log moves once a transaction, not once an action: each move leaves a dead row behind that
 * can't go before the commit, and the guards waded through all of them.
 *
 * So the guards take the end of the log from its last event, whose ids are dense. An action is open for changes while the
 * marker names the very next event, and for the rest of its events once that one is there. It ends in
 * `ironlog_close_action`, which wants its event. At the commit whatever was changed or recorded is held against the log once
 * more: its last event is this transaction's own, no action is open, and the head is at the last event. SQLite needs none
 * of it: there a move of the head costs nothing.
 */
export const postgresHead: SchemaStep = {
  async up(db, kind) {
    if (kind === "sqlite") return;
    const { rows } = await sql<{ schema: string }>`select current_schema() as schema`.execute(db);
    const path = `"${(rows[0]?.schema ?? "public").replaceAll('"', '""')}", pg_temp`;
    for (const statement of guards(path)) await sql.raw(statement).execute(db);
  },
};

/** The first event of the open action; null where none is open. */
const marker = `nullif(current_setting('ironlog.event_id', true), '')::bigint`;
const last = `coalesce((select max(id) from event), 0)`;

/** A row's transaction has 32 bits of its number; the rest is that of numbers near this transaction's. */
const current = "pg_current_xact_id()::text::bigint";
const writer = `(${current} + ((event.xmin::text::bigint - ${current}) % 4294967296 + 6442450944) % 4294967296 - 2147483648)`;

/** True of the event if it was written by this transaction or a savepoint in it: what is in progress and seen is our own. */
const isOwnEvent = `pg_xact_status(${writer}::text::xid8) = 'in progress'`;

const isClosed = `coalesce(${marker}, 0) <> ${last} + 1`;
const hasNoEvent = `not exists (select 1 from event where id = ${marker} and ${isOwnEvent})`;

const missesEvent = "an action ends with its event, and this one has none";

function guards(path: string): readonly string[] {
  const refuse = (name: string, condition: string, message: string): string =>
    `create or replace function ${name}() returns trigger language plpgsql set search_path = ${path} as $$
      begin
        if ${condition} then
          raise exception using errcode = 'integrity_constraint_violation', message = ${message};
        end if;
        if tg_op = 'DELETE' then return old; end if;
        return new;
      end $$`;
  return [
    refuse(
      "ironlog_needs_action",
      isClosed,
      `format('a change to %s needs an open action, and this one has none', tg_table_name)`,
    ),
    refuse("ironlog_event_needs_action", isClosed, `'the log can only be appended to'`),
    // The first event of an action bears the marker's number; the others follow it.
    refuse(
      "ironlog_event_insert",
      `new.id <> ${last} + 1 or (new.id is distinct from ${marker} and ${hasNoEvent})`,
      `'an event needs an open action, and event ids have no gaps'`,
    ),
    refuse(
      "ironlog_tree_insert",
      `${isClosed} and ${hasNoEvent}`,
      `format('a change to %s needs an open action, and this one has none', tg_table_name)`,
    ),
    `drop trigger tree_node_insert on tree_node`,
    `create trigger tree_node_insert before insert on tree_node for each row execute function ironlog_tree_insert()`,
    // At the commit.
    refuse(
      "ironlog_needs_event",
      `coalesce(${marker}, 0) > ${last} or not exists (select 1 from event where id = ${last} and ${isOwnEvent})`,
      `'${missesEvent}'`,
    ),
    refuse(
      "ironlog_head_follows",
      `(select last_event_id from log_head) is distinct from (select max(id) from event)`,
      `'the head of the log is its last event'`,
    ),
    // The first event of a transaction bears its marker: one look at least.
    `create constraint trigger event_moves_head after insert on event
      deferrable initially deferred for each row when (new.id = ${marker}) execute function ironlog_head_follows()`,
    `drop function ironlog_close_action(bigint, bigint, bytea)`,
    `create function ironlog_close_action() returns void language plpgsql set search_path = ${path} as $$
      begin
        if ${hasNoEvent} then
          raise exception using errcode = 'integrity_constraint_violation', message = '${missesEvent}';
        end if;
        perform set_config('ironlog.event_id', '', true);
      end $$`,
  ];
}
