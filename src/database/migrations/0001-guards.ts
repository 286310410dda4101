import { guardTable, needsAction } from "./building-blocks.ts";

// What the database itself refuses, whoever asks: a change outside an open action, and a change to the log.
// The rules are the same for both databases; SQLite has the marker in a table, PostgreSQL in a setting.

/** Tables whose every change belongs to an action. */
const auditedTables = ["user", "session", "token", "deleted_token"] as const;

/** What an event keeps for ever. The rest is personal: four groups that may be erased, each with its salt. */
const lastingColumns = [
  "id",
  "level",
  "type",
  "action",
  "outcome",
  "source",
  "created",
  "occurred",
  "sealed",
  "leaf_hash",
];

const personalGroups: readonly (readonly string[])[] = [
  ["user_id", "username", "actor_salt"],
  ["ip", "user_agent", "endpoint", "trace_id", "forwarded", "reporter_id", "reporter", "origin_salt"],
  ["target_kind", "target_id", "target_name", "description", "details", "subject_salt"],
  ["node", "hostname", "node_salt"],
];

/** SQL that is true if the update does more than erase whole personal groups. `same` is the null-safe comparison. */
function isMoreThanErasure(same: string): string {
  const lasting = lastingColumns.map((column) => `new.${column} ${same} old.${column}`).join(" and ");
  const groups = personalGroups.map((columns) => {
    const unchanged = columns.map((column) => `new.${column} ${same} old.${column}`).join(" and ");
    const erased = columns.map((column) => `new.${column} is null`).join(" and ");
    return `((${unchanged}) or (${erased}))`;
  });
  return `not (${lasting} and ${groups.join(" and ")})`;
}

const appendOnly = "the log can only be appended to";

export const sqliteGuards: readonly string[] = [
  `create table open_action (
    one integer not null primary key check (one = 1),
    event_id integer not null
  ) strict`,
  `create trigger open_action_opens before insert on open_action
    when new.event_id <> (select last_event_id + 1 from log_head)
    begin select raise(abort, 'an action opens with the id of the next event'); end`,
  `create trigger open_action_stays before update on open_action
    begin select raise(abort, 'an open action is closed, never changed'); end`,
  `create trigger open_action_closes before delete on open_action
    when (select last_event_id from log_head) < old.event_id
      or not exists (select 1 from event where id = old.event_id)
    begin select raise(abort, 'an action ends with its event, and this one has none'); end`,
  ...auditedTables.flatMap((table) => guardTable("sqlite", table)),
  `create trigger event_insert_needs_action before insert on event
    when not exists (select 1 from open_action)
    begin select raise(abort, '${needsAction("event")}'); end`,
  `create trigger event_ids_are_dense before insert on event
    when new.id <> coalesce((select max(id) from event), 0) + 1
    begin select raise(abort, 'event ids have no gaps'); end`,
  `create trigger event_erasure_only before update on event
    when not exists (select 1 from open_action) or ${isMoreThanErasure("is")}
    begin select raise(abort, '${appendOnly}'); end`,
  `create trigger event_stays before delete on event
    begin select raise(abort, '${appendOnly}'); end`,
  `create trigger log_head_follows before update on log_head
    when new.last_event_id is not (select max(id) from event)
    begin select raise(abort, 'the head of the log is its last event'); end`,
  `create trigger log_head_stays before delete on log_head
    begin select raise(abort, '${appendOnly}'); end`,
];

const refuse = (name: string, condition: string, message: string): string =>
  `create function ${name}() returns trigger language plpgsql as $$
    begin
      if ${condition} then
        raise exception using errcode = 'integrity_constraint_violation', message = ${message};
      end if;
      if tg_op = 'DELETE' then return old; end if;
      return new;
    end $$`;

/** The id of the event that the open action will write, or null. */
const marker = `nullif(current_setting('ironlog.event_id', true), '')::bigint`;

export const postgresGuards: readonly string[] = [
  // At the change: the marker names an event that is not there yet. At the action's end: it is there.
  refuse(
    "ironlog_needs_action",
    `coalesce(${marker}, 0) <= (select last_event_id from log_head)`,
    `format('a change to %s needs an open action, and this one has none', tg_table_name)`,
  ),
  refuse(
    "ironlog_needs_event",
    `not exists (select 1 from event where id = ${marker})`,
    `'an action ends with its event, and this one has none'`,
  ),
  refuse("ironlog_append_only", "true", `'${appendOnly}'`),
  refuse(
    "ironlog_event_insert",
    `coalesce(${marker}, 0) <= (select last_event_id from log_head)
      or new.id <> coalesce((select max(id) from event), 0) + 1`,
    `'an event needs an open action, and event ids have no gaps'`,
  ),
  refuse(
    "ironlog_event_update",
    `coalesce(${marker}, 0) <= (select last_event_id from log_head) or ${isMoreThanErasure("is not distinct from")}`,
    `'${appendOnly}'`,
  ),
  refuse(
    "ironlog_head_update",
    `new.last_event_id is distinct from (select max(id) from event)`,
    `'the head of the log is its last event'`,
  ),
  ...auditedTables.flatMap((table) => guardTable("postgres", table)),
  `create trigger event_insert before insert on event for each row execute function ironlog_event_insert()`,
  `create trigger event_update before update on event for each row execute function ironlog_event_update()`,
  `create trigger event_delete before delete on event for each row execute function ironlog_append_only()`,
  `create trigger event_truncate before truncate on event for each statement execute function ironlog_append_only()`,
  `create trigger log_head_update before update on log_head for each row execute function ironlog_head_update()`,
  `create trigger log_head_delete before delete on log_head for each row execute function ironlog_append_only()`,
  `create trigger log_head_truncate before truncate on log_head for each statement execute function ironlog_append_only()`,
];
