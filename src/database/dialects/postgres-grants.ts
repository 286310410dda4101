import { quoteIdentifier } from "./postgres-session.ts";
import { namesOfTables, type OwnedTables, type TableFacts } from "../owned-tables.ts";

// What the role that serves needs, and no more: it can't change or delete an event, drop a trigger, or alter a table. The
// owner of the tables can, and so should not be the role that serves.

/** The statements that let `role` serve on the tables in `schema`, of which `tables` are those of layers and slices. */
export function grantsFor(role: string, schema: string, tables: OwnedTables): readonly string[] {
  const [name, place] = [quoteIdentifier(role), quoteIdentifier(schema)];
  const list = (rights: TableFacts["rights"]): string =>
    namesOfTables(tables)
      .filter((table) => tables[table]?.rights === rights)
      .map(quoteIdentifier)
      .join(", ");
  // Beside those of slices and layers: for what only PostgreSQL has, and for the migrations.
  const others = ["nonce", "nonce_start", "worker_lease", "kysely_migration", "kysely_migration_lock"];
  return [
    // Whatever else it was granted before.
    `revoke all on ${[...namesOfTables(tables), ...others].map(quoteIdentifier).join(", ")} from ${name}`,
    `grant usage on schema ${place} to ${name}`,
    `grant select on all tables in schema ${place} to ${name}`,
    `grant insert, update, delete on ${list("change")} to ${name}`,
    `grant insert, update on ${list("replace")} to ${name}`,
    `grant insert on ${list("append")} to ${name}`,
    `grant update on ${list("move")} to ${name}`,
    `grant insert, delete on nonce to ${name}`,
    `grant insert on nonce_start to ${name}`,
    `grant insert, update on worker_lease to ${name}`,
    `grant usage on all sequences in schema ${place} to ${name}`,
    // Every start looks whether the tables are up to date, under this lock.
    `grant update on kysely_migration_lock to ${name}`,
  ];
}
