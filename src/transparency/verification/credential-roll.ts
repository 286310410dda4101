import { columnPlaces as place } from "../../database/event-columns.ts";
import type { EventArray } from "../../database/reading.ts";
import type { EventTable } from "../../database/tables.ts";
import { fingerprint } from "../../verifiable-log/fingerprint.ts";
import type { RowImage } from "../../verifiable-log/row-digest.ts";
import type { LayerFindings } from "./verification-report.ts";

/** How rows of a table that let somebody in are told of. */
interface RollParts {
  readonly table: string;
  readonly words: string;
  /** Where events name the one that acted. */
  readonly column: keyof EventTable;
  /** The row's column that its fingerprint is of. */
  readonly of: string;
  /** The kind of event that tells of a new one, where it names it, and the salt of that group. */
  readonly told: { readonly by: string; readonly column: keyof EventTable; readonly salt: keyof EventTable };
}

/** The rows of one table, by the fingerprints that events name them by. */
export class CredentialRoll {
  readonly table: string;
  readonly #findings: LayerFindings;
  readonly #parts: RollParts;
  readonly #place: { readonly named: number; readonly told: number; readonly salt: number };
  /** By the row's key; null where nobody can say, since somebody has emptied the group that tells. */
  readonly #names = new Map<string, string | null>();
  readonly #existing = new Set<string>();
  /** How many rows have no name: any unknown name may be theirs. */
  #nameless = 0;
  /** What the act has named while it existed. */
  #acting: string | undefined;
  /** Rows that the act made, and names that it told, before they have been paired. */
  #made: { readonly key: string; readonly event: number }[] = [];
  #told: { readonly name: string | null; readonly event: number }[] = [];

  constructor(findings: LayerFindings, parts: RollParts) {
    this.table = parts.table;
    this.#findings = findings;
    this.#parts = parts;
    this.#place = {
      named: place[parts.column],
      told: place[parts.told.column],
      salt: place[parts.told.salt],
    };
  }

  /** Takes what an event tells of a new one. */
  noteTold(row: EventArray): void {
    if (row[place.action] !== this.#parts.told.by || row[place.source] !== "ironlog") return;
    if (row[place.outcome] !== "success") return;
    const name = row[this.#place.told];
    const isEmptied = row[this.#place.salt] === null;
    if (typeof name === "string" || isEmptied) {
      this.#told.push({ name: isEmptied ? null : String(name), event: row[place.id] as number });
    }
  }

  /** Takes what an event names. `isAnyRight` where nobody can say who acted. */
  check(row: EventArray, isAnyRight: boolean): void {
    const name = row[this.#place.named];
    if (typeof name !== "string") return;
    if (this.#existing.has(name) || this.#nameless > 0) {
      this.#acting = name;
      return;
    }
    if (isAnyRight || name === this.#acting || this.#told.some((told) => told.name === name)) return;
    const { words } = this.#parts;
    this.#findings.fault(
      row[place.id] as number,
      `it names the ${words} ${name}, which no event had made or which had ended before`,
    );
  }

  /** The event states that a row was made. */
  made(event: number, key: string): void {
    this.#made.push({ key, event });
  }

  /** An event states that a row is gone. */
  gone(key: string): void {
    const name = this.#names.get(key);
    this.#names.delete(key);
    if (name === null) this.#nameless -= 1;
    else if (name !== undefined) this.#existing.delete(name);
  }

  /** Gives rows their names. Ids count up, and events tell of new rows in the order in which they were made. */
  pair(): void {
    if (this.#made.length === 0 || this.#told.length === 0) return;
    this.#made.sort((one, other) => Number(one.key) - Number(other.key));
    const names = this.#told.splice(0, this.#made.length);
    for (const [at, { key }] of this.#made.splice(0, names.length).entries()) {
      const name = names[at]?.name ?? null;
      this.#names.set(key, name);
      if (name === null) this.#nameless += 1;
      else this.#existing.add(name);
    }
  }

  /** The act has ended: what it made it must have told, and what it told it must have made. */
  endAct(): void {
    this.#acting = undefined;
    if (this.#made.length === 0 && this.#told.length === 0) return;
    const { table, words } = this.#parts;
    for (const { key, event } of this.#made) {
      this.#findings.fault(event, `row ${key} of ${table} was made, and no event names it`);
    }
    for (const { name, event } of this.#told) {
      if (name === null) continue;
      this.#findings.fault(event, `it tells of the ${words} ${name}, and no row of ${table} was made`);
    }
    this.#made = [];
    this.#told = [];
  }

  /** Says what is wrong with the name of a row that is there. */
  faultOf(key: string, image: RowImage): string | undefined {
    const name = this.#names.get(key);
    if (name === undefined || name === null) return undefined;
    const { table, words, of } = this.#parts;
    const value = String(image[of]);
    const actual = fingerprint(value.startsWith("\\x") ? Buffer.from(value.slice(2), "hex") : value);
    return name === actual ? undefined : `row ${key} of ${table} isn't the ${words} ${name} that its event told of`;
  }
}
