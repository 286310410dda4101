import { columnPlaces } from "../../database/event-columns.ts";
import { auditedTables } from "../../database/migrations/0001-schema.ts";
import type { TableName } from "../../database/owned-tables.ts";
import type { EventArray, Moment } from "../../database/reading.ts";
import type { AppendKeys } from "../../database/writing/append-keys.ts";
import { rowName } from "../../database/writing/newest-states.ts";
import { trustedTables } from "../../database/writing/trusted-tables.ts";
import { type AuditedRow, auditedRows } from "../../database/writing/row-authentication.ts";
import { parseState, rowDigest, type StateEntry } from "../../verifiable-log/row-digest.ts";
import { CredentialCheck } from "./credential-check.ts";
import type { LayerFindings } from "./verification-report.ts";

/** Events read at a time. */
const chunkSize = 1_000;

/** The state of a row as an event has stated it last. */
interface StatedRow {
  readonly digest: string;
  readonly event: number;
}

/**
 * Plays the log back: what each event says of the rows that it changed, against what was said of them before, and in the end against
 * the rows that are there. Its memory follows rows, not events.
 */
export class StateReplay {
  readonly #findings: LayerFindings;
  /** The rows that live, by table and key. */
  readonly #live = new Map<string, Map<string, StatedRow>>();
  /** The highest number that was ever a key of each table. */
  readonly #highest = new Map<string, number>();
  readonly #credentials: CredentialCheck;
  #lastId = 0;

  constructor(findings: LayerFindings) {
    this.#findings = findings;
    this.#credentials = new CredentialCheck(findings);
  }

  /** Takes an event in the order of the log. */
  take(row: EventArray): void {
    const event = row[columnPlaces.id] as number;
    this.#lastId = event;
    this.#credentials.take(row);
    this.#takeState(event, row[columnPlaces.state]);
    this.#credentials.pair();
  }

  #takeState(event: number, text: unknown): void {
    if (typeof text !== "string") return;
    let entries: readonly StateEntry[];
    try {
      entries = parseState(text);
    } catch (error) {
      this.#findings.fault(event, error instanceof Error ? error.message : String(error));
      return;
    }
    for (const entry of entries) this.#apply(event, entry);
  }

  #apply(event: number, [table, key, before, after]: StateEntry): void {
    const rows = this.#rowsOf(table);
    const last = rows.get(key);
    if ((last?.digest ?? null) !== before) {
      const since = last === undefined ? "no event had stated it" : `event ${last.event} had stated it`;
      this.#findings.fault(
        event,
        `row ${key} of ${table} was changed behind the log before this event: ${since} otherwise`,
      );
    }
    this.#credentials.apply(event, table, key, { isNew: before === null, isGone: after === null });
    if (after === null) rows.delete(key);
    else rows.set(key, { digest: after, event });
    const number = Number(key);
    if (Number.isSafeInteger(number)) this.#highest.set(table, Math.max(number, this.#highest.get(table) ?? 0));
  }

  #rowsOf(table: string): Map<string, StatedRow> {
    let rows = this.#live.get(table);
    if (rows === undefined) this.#live.set(table, (rows = new Map()));
    return rows;
  }

  /** Holds the rows of one moment, whose log has `size` events, against what was stated. `keys` are at hand where the server is. */
  async end(moment: Moment, size: number, keys: AppendKeys | undefined): Promise<void> {
    while (this.#lastId < size) {
      const events = await moment.readEvents(this.#lastId, size, chunkSize);
      if (events.length === 0) return;
      for (const event of events) this.take(event);
    }
    this.#credentials.end();
    for (const table of Object.keys(auditedTables)) await this.#checkTable(moment, table, keys);
    await this.#checkSurplus(moment);
    await this.#checkSequences(moment);
  }

  /** Which event has stated each row of the trusted tables last. */
  newestRows(): ReadonlyMap<string, number> {
    const stated = Object.keys(trustedTables).flatMap((table) =>
      [...this.#rowsOf(table)].map(([key, { event }]) => [rowName(table, key), event] as const),
    );
    return new Map(stated);
  }

  async #checkTable(moment: Moment, table: string, keys: AppendKeys | undefined): Promise<void> {
    const stated = new Map(this.#rowsOf(table));
    for await (const row of auditedRows(moment.db, table)) {
      const unread = moment.findUnreadText?.(table, row.image, auditedTables[table] ?? []);
      if (unread !== undefined) {
        this.#findings.fault(null, `row ${row.key} of ${table} holds bytes in ${unread} that are no UTF-8`);
      }
      this.#checkRow(table, row, stated.get(row.key), keys);
      stated.delete(row.key);
    }
    for (const [key, { event }] of stated) {
      this.#findings.fault(event, `row ${key} of ${table}, which this event stated last, is gone`);
    }
  }

  #checkRow(
    table: string,
    { key, image, mac }: AuditedRow,
    stated: StatedRow | undefined,
    keys: AppendKeys | undefined,
  ): void {
    const fault = (event: number | null, what: string): void =>
      this.#findings.fault(event, `row ${key} of ${table} ${what}`);
    if (stated === undefined) return fault(null, "was recorded by no event");
    const digest = mac === null ? undefined : rowDigest(mac.salt, table, image).toString("base64");
    if (digest !== stated.digest) return fault(stated.event, "is not what this event stated last");
    const misnamed = this.#credentials.faultOf(table, key, image);
    if (misnamed !== undefined) this.#findings.fault(stated.event, misnamed);
    if (mac?.event_id !== stated.event) return fault(stated.event, "is said to be stated by another event");
    if (keys !== undefined && !keys.isAuthenticRow(table, key, image, mac)) {
      fault(stated.event, "bears a code that nobody with the append key has made");
    }
  }

  /** Codes of rows that aren't there. */
  async #checkSurplus({ db }: Moment): Promise<void> {
    const query = db.selectFrom("row_mac").select(["table_name", ({ fn }) => fn.countAll<number>().as("rows")]);
    for (const { table_name: table, rows } of await query.groupBy("table_name").execute()) {
      if (rows > (this.#live.get(table)?.size ?? 0)) {
        this.#findings.fault(null, `row_mac has codes of rows of ${table} that no event has stated`);
      }
    }
  }

  /** A number that is given twice would give a new account what was a deleted one's. */
  async #checkSequences(moment: Moment): Promise<void> {
    for (const [table, columns] of Object.entries(auditedTables)) {
      const highest = this.#highest.get(table);
      if (highest === undefined || columns[0] !== "id") continue;
      const drawn = await moment.lastDrawn(table as TableName);
      if (drawn >= highest) continue;
      const what = `the next id of ${table} would be one that was given before: ${drawn} was drawn last, and there was ${highest}`;
      this.#findings.fault(null, what);
    }
  }
}
