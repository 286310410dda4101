import type { ReadonlyKysely } from "kysely/readonly";
import type { SharedLeases } from "./leases.ts";
import type { SharedNonces } from "./nonces.ts";
import type { AppendKeys } from "./writing/append-keys.ts";
import type { Tables } from "./tables.ts";

/** The whole database, for reading. Changes go through `perform`. */
export type Database = ReadonlyKysely<Tables>;

/** Where the data is, a file or a `postgres://` URL, and the file of the keys without which nobody appends to its log. */
export type DatabaseLocation = (
  | { readonly kind: "sqlite"; readonly file: string }
  | { readonly kind: "postgres"; readonly url: string }
) & {
  readonly appendKeyFile: string;
};

export interface OpenDatabase extends AsyncDisposable {
  readonly db: Database;
  /** What its log's heads are authenticated by. */
  readonly appendKeys: AppendKeys;
  /** Names of the migrations that this opening applied, oldest first. */
  readonly migrated: readonly string[];
  /** Undefined where one server alone can use the database. */
  readonly nonces: SharedNonces | undefined;
  /** Likewise. */
  readonly leases: SharedLeases | undefined;
}
