import type { Database } from "../database/database.ts";
import { namesOfTables, type OwnedTables, factsOf } from "../database/owned-tables.ts";
import type { SecretPlace } from "./sealed.ts";

/** A secret as it is stored. */
export interface StoredSecret {
  readonly place: SecretPlace;
  readonly sealed: Uint8Array;
}

/** All sealed secrets of these tables, table by table, in the order of their rows' uuids. */
export async function storedSecrets(db: Database, tables: OwnedTables): Promise<readonly StoredSecret[]> {
  const all: StoredSecret[] = [];
  for (const table of namesOfTables(tables)) {
    const { sealed: columns = [] } = factsOf(tables, table);
    if (columns.length === 0) continue;
    // The columns are known by name alone, so the compiler is told of one of the tables that may have them.
    const rows: readonly Readonly<Record<string, unknown>>[] = await db
      .selectFrom(table as "user")
      .select(["uuid", ...columns] as never)
      .orderBy("uuid" as never)
      .execute();
    for (const row of rows) {
      for (const column of columns) {
        const sealed = row[column];
        if (sealed instanceof Uint8Array) all.push({ place: { table, row: String(row["uuid"]), column }, sealed });
      }
    }
  }
  return all;
}
