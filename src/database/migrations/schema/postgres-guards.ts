import { isMisplacedCheckpoint, isStaleCheckpoint, refusals } from "./building-blocks.ts";

// The marker of an open action is a setting, which the serving role can set to anything. So an action is open only while the
// marker names the very next event, or once this transaction has written that one; and at the commit whatever was changed or
// recorded is held against the log once more: its last event is this transaction's own, no action is open, and the head is at
// the last event. The head moves once a transaction: each move leaves a dead row behind that can't go before the commit.

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

const needsAction = `format('a change to %s needs an open action, and this one has none', tg_table_name)`;

/** In that schema: nobody's temporary tables stand in for ours. */
export function postgresGuards(schema: string): readonly string[] {
  const path = `"${schema.replaceAll('"', '""')}", pg_temp`;
  const refuse = (name: string, condition: string, message: string): string =>
    `create function ${name}() returns trigger language plpgsql set search_path = ${path} as $$
      begin
        if ${condition} then
          raise exception using errcode = 'integrity_constraint_violation', message = ${message};
        end if;
        if tg_op = 'DELETE' then return old; end if;
        return new;
      end $$`;
  return [
    refuse("ironlog_needs_action", isClosed, needsAction),
    // At the commit.
    refuse(
      "ironlog_needs_event",
      `coalesce(${marker}, 0) > ${last} or not exists (select 1 from event where id = ${last} and ${isOwnEvent})`,
      `'${refusals.action}'`,
    ),
    refuse("ironlog_append_only", "true", `'${refusals.log}'`),
    // The first event of an action bears the marker's number; the others follow it.
    refuse(
      "ironlog_event_insert",
      `new.id <> ${last} + 1 or (new.id is distinct from ${marker} and ${hasNoEvent})`,
      `'an event needs an open action, and event ids have no gaps'`,
    ),
    refuse(
      "ironlog_head_update",
      `new.last_event_id is distinct from (select max(id) from event)`,
      `'${refusals.head}'`,
    ),
    // At the commit.
    refuse(
      "ironlog_head_follows",
      `(select last_event_id from log_head) is distinct from (select max(id) from event)`,
      `'${refusals.head}'`,
    ),
    refuse("ironlog_tree_insert", `${isClosed} and ${hasNoEvent}`, needsAction),
    refuse("ironlog_tree_grows", "true", `'${refusals.tree}'`),
    refuse("ironlog_checkpoint_insert", isMisplacedCheckpoint, `'${refusals.checkpoint}'`),
    refuse("ironlog_checkpoint_update", isStaleCheckpoint, `'${refusals.checkpoint}'`),
    // Gives the log's name, which the head is authenticated with.
    `create function ironlog_close_action() returns text language plpgsql set search_path = ${path} as $$
      declare
        closed text;
      begin
        if ${hasNoEvent} then
          raise exception using errcode = 'integrity_constraint_violation', message = '${refusals.action}';
        end if;
        closed := set_config('ironlog.event_id', '', true);
        return (select origin from log_identity order by id desc limit 1);
      end $$`,
    ...triggers,
  ];
}

const before = (name: string, when: string, each: "row" | "statement", call: string): string =>
  `create trigger ${name} before ${when} for each ${each} execute function ironlog_${call}()`;

const triggers: readonly string[] = [
  before("event_insert", "insert on event", "row", "event_insert"),
  before("event_update", "update on event", "row", "append_only"),
  before("event_delete", "delete on event", "row", "append_only"),
  before("event_truncate", "truncate on event", "statement", "append_only"),
  // The first event of a transaction bears its marker: one look at least.
  `create constraint trigger event_moves_head after insert on event
    deferrable initially deferred for each row when (new.id = ${marker}) execute function ironlog_head_follows()`,
  before("log_head_update", "update on log_head", "row", "head_update"),
  before("log_head_delete", "delete on log_head", "row", "append_only"),
  before("log_head_truncate", "truncate on log_head", "statement", "append_only"),
  ...["tree_node", "leaf_tile"].flatMap((table) => [
    before(`${table}_insert`, `insert on ${table}`, "row", "tree_insert"),
    before(`${table}_change`, `update or delete on ${table}`, "row", "tree_grows"),
    before(`${table}_truncate`, `truncate on ${table}`, "statement", "tree_grows"),
  ]),
  before("checkpoint_insert", "insert on checkpoint", "row", "checkpoint_insert"),
  before("checkpoint_update", "update on checkpoint", "row", "checkpoint_update"),
  before("checkpoint_delete", "delete on checkpoint", "row", "append_only"),
  before("checkpoint_truncate", "truncate on checkpoint", "statement", "append_only"),
];
