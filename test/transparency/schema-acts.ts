import { type Kind, kinds } from "../support/databases/databases.ts";

// What somebody with the database's password does to the schema around the events.

export interface Act {
  readonly what: string;
  readonly kinds: readonly Kind[];
  /** Run on one connection. `database` is the name of PostgreSQL's. */
  statements(kind: Kind, database: string): readonly string[];
  /** What the complaint says on each kind of database. */
  readonly named: Partial<Readonly<Record<Kind, string>>>;
}

const onBoth = (what: string, statements: readonly string[], sqlite: string, postgres: string = sqlite): Act => ({
  what,
  kinds,
  statements: () => statements,
  named: { sqlite, postgres },
});

const onSqlite = (what: string, statements: readonly string[], sqlite: string): Act => ({
  what,
  kinds: ["sqlite"],
  statements: () => statements,
  named: { sqlite },
});

const onPostgres = (
  what: string,
  statements: readonly string[] | ((database: string) => readonly string[]),
  postgres: string,
): Act => ({
  what,
  kinds: ["postgres"],
  statements: (_kind, database) => (typeof statements === "function" ? statements(database) : statements),
  named: { postgres },
});

export const acts: readonly Act[] = [
  onBoth(
    "an index is made partial",
    ["drop index event_action", "create index event_action on event (action, id) where id > 3"],
    "the index event_action of table event was changed: it has '[^']* where id > 3' and must have ",
    "the index event_action of table event was changed: it has '[^']* WHERE \\(id > 3\\)' and must have ",
  ),
  onBoth(
    "an index is dropped",
    ["drop index event_hostname"],
    "the index event_hostname of table event is missing \\(CREATE INDEX event_hostname on event \\(hostname, level, id\\)",
    "the index event_hostname of table event is missing \\(CREATE INDEX event_hostname ON event ",
  ),
  onBoth(
    "an index is added",
    ["create index evil on event (ip)"],
    "the index evil of table event is not Ironlog's: 'CREATE INDEX evil on event \\(ip\\)'",
    "the index evil of table event is not Ironlog's: 'CREATE INDEX evil ON event ",
  ),
  onBoth(
    "a column is added",
    ["alter table event add column evil text"],
    "the table event was changed: it has '…[^']*evil text",
    "the column evil of table event is not Ironlog's: 'text'",
  ),
  onBoth(
    "a migration's row is deleted",
    ["delete from kysely_migration"],
    "kysely_migration lacks the row of 0001-schema, whose tables are there",
  ),
  onBoth("the migrations' table is dropped", ["drop table kysely_migration"], "the table kysely_migration is missing"),
  onBoth(
    "a view stands in for a table",
    ["alter table checkpoint rename to hidden", "create view checkpoint as select * from hidden where id > 1"],
    "the table checkpoint is missing",
    "the table checkpoint was changed: it has 'permanent view' and must have 'permanent table'",
  ),
  onBoth("a table is dropped", ["drop table early_nonce"], "the table early_nonce is missing"),
  onSqlite("a trigger is dropped", ["drop trigger event_stays"], "the trigger event_stays of table event is missing"),
  onSqlite(
    "a trigger is added",
    ["create trigger evil after insert on token begin update log_head set last_created = 1; end"],
    "the trigger evil of table token is not Ironlog's: 'CREATE TRIGGER evil",
  ),
  onSqlite(
    "a trigger is replaced",
    ["drop trigger event_stays", "create trigger event_stays before delete on event begin select 1; end"],
    "the trigger event_stays of table event was changed: it has '",
  ),
  onPostgres(
    "a trigger is dropped",
    ["drop trigger event_delete on event"],
    "the trigger event_delete of table event is missing",
  ),
  onPostgres(
    "a trigger is disabled",
    ["alter table event disable trigger event_delete"],
    "the trigger event_delete of table event is disabled: alter table event enable trigger event_delete",
  ),
  onPostgres(
    "a trigger fires on replicas alone",
    ["alter table event enable replica trigger event_delete"],
    "the trigger event_delete of table event is disabled",
  ),
  onPostgres(
    "a foreign key's trigger is disabled",
    ["alter table token disable trigger all", "alter table token enable trigger user"],
    "a foreign key of table token is not enforced",
  ),
  onPostgres(
    "a trigger is added",
    [
      "create function evil() returns trigger language plpgsql as 'begin return null; end'",
      "create trigger evil before insert on event for each row when (new.username = 'eve') execute function evil()",
    ],
    "the trigger evil of table event is not Ironlog's: 'CREATE TRIGGER evil ",
  ),
  onPostgres(
    "a function is changed",
    ["create or replace function ironlog_append_only() returns trigger language plpgsql as 'begin return old; end'"],
    "the function ironlog_append_only\\(\\) was changed: it has '",
  ),
  onPostgres(
    "a function is made the owner's",
    ["alter function ironlog_close_action() security definer"],
    "the function ironlog_close_action\\(\\) was changed: it has '[^']*SECURITY DEFINER",
  ),
  onPostgres(
    "a function of PostgreSQL's is stood in for",
    ["create function public.format(text, name) returns text language sql as 'select 1::text'"],
    "the function format\\(text,name\\) stands in for one of PostgreSQL's: drop it",
  ),
  onPostgres(
    "an operator of PostgreSQL's is stood in for",
    [
      "create function never(text, varchar) returns boolean language sql as 'select false'",
      "create operator public.= (function = never, leftarg = text, rightarg = varchar)",
    ],
    "the operator =\\(text,character varying\\) stands in for one of PostgreSQL's: drop it",
  ),
  onPostgres(
    "a row policy hides events",
    [
      "alter table event enable row level security",
      "alter table event force row level security",
      "create policy evil on event using (username <> 'eve')",
    ],
    "the table event has the row policy evil: drop it",
  ),
  onPostgres(
    "row security is enabled",
    ["alter table event enable row level security"],
    "the table event has row security",
  ),
  onPostgres(
    "a rule swallows changes",
    ["create rule evil as on delete to token do instead nothing"],
    "the table token has the rule evil: drop it",
  ),
  onPostgres(
    "a child table adds events",
    ["create table evil () inherits (event)"],
    "the table event has the child table evil: drop it",
  ),
  onPostgres(
    "an index is marked as not valid",
    ["update pg_index set indisvalid = false where indexrelid = 'event_username'::regclass"],
    "the index event_username of table event is not valid: reindex index event_username",
  ),
  onPostgres(
    "a constraint is dropped",
    ["alter table token drop constraint token_user_id_fkey"],
    "the constraint token_user_id_fkey of table token is missing",
  ),
  onPostgres(
    "a sequence counts down",
    [`alter sequence user_id_seq increment by -1`],
    "the column id of table user was changed: it has '[^']*increment -1",
  ),
  onPostgres(
    "a table is unlogged",
    ["alter table event set unlogged"],
    "the table event was changed: it has 'unlogged table'",
  ),
  onPostgres(
    "the database has a search path of its own",
    (database) => ["create schema decoy", `alter database ${database} set search_path = decoy`],
    "search_path=decoy is set for database \\w+: alter database \\w+ reset search_path, and name the schema in the URL",
  ),
  onPostgres(
    "the role has a search path of its own",
    (database) => [`alter role ironlog in database ${database} set search_path = decoy`],
    "search_path=decoy is set for role ironlog in database \\w+: alter role ironlog in database \\w+ reset search_path",
  ),
];

/** Makes the index `event_action` anew, and puts the old text over it. */
export function forgedText(kind: Kind, how: "partial" | "of another column"): readonly string[] {
  const made = how === "partial" ? "(action, id) where id > 3" : "(type, id)";
  const anew = ["drop index event_action", `create index event_action on event ${made}`];
  if (kind === "sqlite") {
    return [
      ...anew,
      "pragma writable_schema = on",
      "update sqlite_schema set sql = 'CREATE INDEX event_action on event (action, id)' where name = 'event_action'",
    ];
  }
  const action = "(select attnum from pg_attribute where attrelid = 'event'::regclass and attname = 'action')";
  const changed = how === "partial" ? "indpred = null" : `indkey = (${action} || ' 1')::int2vector`;
  return [...anew, `update pg_index set ${changed} where indexrelid = 'event_action'::regclass`];
}
