import type { Kysely } from "kysely";
import { imageOf, rowDigest, type RowImage, rowKey } from "../../verifiable-log/row-digest.ts";
import { readRows, type StoredRow } from "../copying/snapshot.ts";
import type { Database } from "../database.ts";
import { auditedTables } from "../migrations/0001-schema.ts";
import type { TableName } from "../owned-tables.ts";
import type { Tables } from "../tables.ts";
import type { AppendKeys } from "./append-keys.ts";
import type { RowMac } from "./row-changes.ts";

/** Rows read at a time. */
const chunkSize = 500;

/** A row of an audited table. */
export interface AuditedRow {
  readonly key: string;
  readonly image: RowImage;
  /** What stands beside it; null where nothing does. */
  readonly mac: RowMac | null;
}

/** All rows of an audited table, with what stands beside them. */
export async function* auditedRows(db: Database, table: string): AsyncGenerator<AuditedRow, void> {
  const columns = auditedTables[table] ?? [];
  let after: StoredRow | undefined;
  do {
    const rows = await readRows(db, table as TableName, columns, after, chunkSize);
    const images = rows.map(imageOf).map((image) => ({ image, key: rowKey(image, columns) }));
    const macs = await readRowMacs(
      db,
      table,
      images.map(({ key }) => key),
    );
    for (const { image, key } of images) yield { image, key, mac: macs.get(key) ?? null };
    after = rows.length < chunkSize ? undefined : rows.at(-1);
  } while (after !== undefined);
}

async function readRowMacs(db: Database, table: string, keys: readonly string[]): Promise<ReadonlyMap<string, RowMac>> {
  if (keys.length === 0) return new Map();
  const rows = await db
    .selectFrom("row_mac")
    .select(["key", "event_id", "salt", "key_id", "mac"])
    .where("table_name", "=", table)
    .where("key", "in", keys)
    .execute();
  return new Map(rows.map(({ key, ...mac }) => [key, mac]));
}

/**
 * Gives all rows of audited tables codes of the key `headKey`, or of the first one. With `isChecked` a row whose code is wrong now keeps
 * it: who changes the key doesn't vouch for what somebody else has written.
 */
export async function authenticateRows(
  db: Database,
  keys: AppendKeys,
  { headKey, isChecked }: { readonly headKey: string | null; readonly isChecked: boolean },
): Promise<void> {
  for (const table of Object.keys(auditedTables)) {
    let codes: (RowMac & { readonly table_name: string; readonly key: string })[] = [];
    for await (const { key, image, mac: beside } of auditedRows(db, table)) {
      if (beside === null || (isChecked && !keys.isAuthenticRow(table, key, image, beside))) continue;
      const { event_id, salt } = beside;
      const digest = rowDigest(salt, table, image);
      const code = keys.authenticateRow({ table, key, event_id, salt, digest }, headKey);
      codes.push({ table_name: table, key, event_id, salt, ...code });
      if (codes.length < chunkSize) continue;
      await writeCodes(db, codes);
      codes = [];
    }
    await writeCodes(db, codes);
  }
}

async function writeCodes(
  db: Database,
  codes: readonly (RowMac & { readonly table_name: string; readonly key: string })[],
): Promise<void> {
  if (codes.length === 0) return;
  // The same object behind a type that may write: it is a transaction's.
  const tx = db as unknown as Kysely<Tables>;
  await tx
    .insertInto("row_mac")
    .values(codes)
    .onConflict((on) =>
      on
        .columns(["table_name", "key"])
        .doUpdateSet(({ ref }) => ({ key_id: ref("excluded.key_id"), mac: ref("excluded.mac") })),
    )
    .execute();
}
