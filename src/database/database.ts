import type { ReadonlyKysely } from "kysely/readonly";
import type { SharedLeases } from "./leases.ts";
import type { SharedNonces } from "./nonces.ts";
import type { Tables } from "./tables.ts";

/** The whole database, for reading. Changes go through `perform`. */
export type Database = ReadonlyKysely<Tables>;

/** Where the data is: a file, or a `postgres://` URL. */
export type DatabaseLocation =
  | { readonly kind: "sqlite"; readonly file: string }
  | { readonly kind: "postgres"; readonly url: string };

export interface OpenDatabase extends AsyncDisposable {
  readonly db: Database;
  /** Names of the migrations that this opening applied, oldest first. */
  readonly migrated: readonly string[];
  /** Undefined where one server alone can use the database. */
  readonly nonces: SharedNonces | undefined;
  /** Likewise. */
  readonly leases: SharedLeases | undefined;
}
