import { isMisplacedCheckpoint, isStaleCheckpoint, needsAction, refusals } from "./building-blocks.ts";

// The marker of an open action is a row with guards of its own. What a change outside of one meets stands in `guardTable`.

const refuse = (
  name: string,
  when: string,
  condition: string | undefined,
  message: string,
  how: "abort" | "fail" = "abort",
): string =>
  `create trigger ${name} before ${when}
    ${condition === undefined ? "" : `when ${condition}`}
    begin select raise(${how}, '${message}'); end`;

const isClosed = "not exists (select 1 from open_action)";

export const sqliteGuards: readonly string[] = [
  `create table open_action (
    one integer not null primary key check (one = 1),
    event_id integer not null
  ) strict`,
  refuse(
    "open_action_opens",
    "insert on open_action",
    "new.event_id <> (select last_event_id + 1 from log_head)",
    "an action opens with the id of the next event",
  ),
  refuse("open_action_stays", "update on open_action", undefined, "an open action is closed, never changed"),
  refuse(
    "open_action_closes",
    "delete on open_action",
    `(select last_event_id from log_head) < old.event_id or not exists (select 1 from event where id = old.event_id)`,
    refusals.action,
  ),
  // Refused before the row is there. To be able to abort, SQLite would journal each statement, which costs as much as the row.
  refuse("event_insert_needs_action", "insert on event", isClosed, needsAction("event"), "fail"),
  refuse(
    "event_ids_are_dense",
    "insert on event",
    "new.id <> coalesce((select max(id) from event), 0) + 1",
    "event ids have no gaps",
    "fail",
  ),
  refuse("event_never_changes", "update on event", undefined, refusals.log),
  refuse("event_stays", "delete on event", undefined, refusals.log),
  refuse(
    "log_head_follows",
    "update on log_head",
    "new.last_event_id is not (select max(id) from event)",
    refusals.head,
  ),
  refuse("log_head_stays", "delete on log_head", undefined, refusals.log),
  ...["tree_node", "leaf_tile"].flatMap((table) => [
    refuse(`${table}_needs_action`, `insert on ${table}`, isClosed, needsAction(table)),
    refuse(`${table}_changes`, `update on ${table}`, undefined, refusals.tree),
    refuse(`${table}_stays`, `delete on ${table}`, undefined, refusals.tree),
  ]),
  refuse("checkpoint_follows", "insert on checkpoint", isMisplacedCheckpoint, refusals.checkpoint),
  refuse("checkpoint_moves", "update on checkpoint", isStaleCheckpoint, refusals.checkpoint),
  refuse("checkpoint_stays", "delete on checkpoint", undefined, refusals.checkpoint),
];
