import type { Kysely } from "kysely";
import type { Tables } from "../tables.ts";

/** Which SQL a migration has to speak. */
export type SqlKind = "sqlite" | "postgres";

/** A step of the schema: forward only, and never edited once it has shipped. */
export interface SchemaStep {
  up(db: Kysely<Tables>, kind: SqlKind): Promise<void>;
}
