import { sql } from "kysely";
import type { SchemaStep } from "./step.ts";

/**
 * An event's row never changes. Before, a whole personal group could be set to null within an action, and nobody could tell
 * such an erasure from a forged one.
 */
export const eventsStay: SchemaStep = {
  async up(db, kind) {
    for (const statement of kind === "sqlite" ? sqliteGuards : postgresGuards) await sql.raw(statement).execute(db);
  },
};

const sqliteGuards: readonly string[] = [
  `drop trigger event_erasure_only`,
  `create trigger event_never_changes before update on event
    begin select raise(abort, 'the log can only be appended to'); end`,
];

const postgresGuards: readonly string[] = [
  `drop trigger event_update on event`,
  `drop trigger event_erasure_needs_action on event`,
  `drop trigger event_erasure_needs_event on event`,
  `drop function ironlog_event_update()`,
  `drop function ironlog_event_needs_action()`,
  `create trigger event_update before update on event for each row execute function ironlog_append_only()`,
  // A role that was let serve before could update the personal columns.
  `do $$
    declare
      holder record;
    begin
      for holder in
        select distinct granted.grantee as role
        from pg_class, pg_attribute, aclexplode(pg_attribute.attacl) as granted
        where pg_class.oid = 'event'::regclass and pg_attribute.attrelid = pg_class.oid
          and granted.privilege_type = 'UPDATE' and granted.grantee <> pg_class.relowner
      loop
        execute format(
          'revoke update on event from %s',
          case when holder.role = 0 then 'public' else holder.role::regrole::text end
        );
      end loop;
    end $$`,
];
