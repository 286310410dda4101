import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { RowImage } from "../../verifiable-log/row-digest.ts";
import type { AppendKeys } from "../writing/append-keys.ts";
import { mergeChanges, notedImage, type RowChange, type RowMac, type RowState } from "../writing/row-changes.ts";

/** What triggers have noted in `row_change`, and what stands beside rows. */
export class SqliteRowChanges {
  readonly #read: StatementSync;
  readonly #clear: StatementSync;
  readonly #write: StatementSync;
  readonly #delete: StatementSync;

  constructor(database: DatabaseSync) {
    this.#read = database.prepare(
      `select row_change.table_name, row_change.key, before, after, event_id, salt, key_id, mac
        from row_change left join row_mac using (table_name, key) order by row_change.id`,
    );
    this.#clear = database.prepare("delete from row_change");
    this.#write = database.prepare(
      "insert or replace into row_mac (table_name, key, event_id, salt, key_id, mac) values (?, ?, ?, ?, ?, ?)",
    );
    this.#delete = database.prepare("delete from row_mac where table_name = ? and key = ?");
  }

  /** The changes since an action was opened; the notes are gone then. */
  take(): readonly RowChange[] {
    const notes = this.#read.all();
    if (notes.length === 0) return [];
    this.#clear.run();
    // The column list is the type.
    return mergeChanges(notes.map((note) => changeOf(note as unknown as StoredNote)));
  }

  /** Writes what stands beside rows, under the key that the head bears, and takes it away where they are gone. */
  authenticate(rows: readonly RowState[], keys: AppendKeys, headKey: string | null): void {
    for (const state of rows) {
      const { table, key, event_id, salt, digest } = state;
      if (digest === null) {
        this.#delete.run(table, key);
        continue;
      }
      const { key_id, mac } = keys.authenticateRow({ ...state, digest }, headKey);
      this.#write.run(table, key, event_id, salt, key_id, mac);
    }
  }
}

/** A trigger's note, with what stands beside the row. */
interface StoredNote extends RowMac {
  readonly table_name: string;
  readonly key: string;
  readonly before: string | null;
  readonly after: string | null;
}

function changeOf({ table_name: table, key, before, after, ...mac }: StoredNote): RowChange {
  const image = (json: string | null): RowImage | null =>
    json === null ? null : notedImage(JSON.parse(json) as Parameters<typeof notedImage>[0]);
  const isBeside = (mac as Partial<Record<string, unknown>>)["salt"] !== null;
  return { table, key, before: image(before), after: image(after), mac: isBeside ? mac : null };
}
