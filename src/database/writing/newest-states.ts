import type { AppendKey } from "./append-key-file.ts";
import { isSameMac, lengthPrefixedMac } from "./mac.ts";
import type { RowState } from "./row-changes.ts";
import { trustedTables } from "./trusted-tables.ts";

/** Sums are numbers of so many bits. */
const sumBits = 256;

/** What names a row of a trusted table: the table, a slash, the row's key. */
type RowName = string;

export function rowName(table: string, key: string): RowName {
  return `${table}/${key}`;
}

/** What an event has made of a row; without a digest it is gone. */
export type StatedRow = Pick<RowState, "table" | "key" | "event_id"> & { readonly digest: unknown };

/** The same rows and sum behind some actions of a group that isn't committed yet. */
export interface NewestDraft {
  /** The code that the head is to bear. */
  readonly mac: Buffer;
  /** It behind one more action, which leaves rows so. */
  with(rows: readonly StatedRow[]): NewestDraft;
  /** Makes it what is known, behind `size` events. */
  commit(size: number): void;
}

/**
 * Which event has stated each row last that says who somebody is and what they may. An older row bears a right code for ever: the head
 * vouches for the newest by a code over the sum of them all. The sum isn't stored, or one could look for other rows with the same.
 */
export class NewestStates {
  #events: Map<RowName, number> = new Map();
  #size = 0;
  /** The code of the head that it was found by; null before the first event. */
  #mac: Uint8Array | null = null;
  #sum: { readonly key: AppendKey; readonly sum: bigint } | undefined;

  /** How many events it follows from. */
  get size(): number {
    return this.#size;
  }

  /** Whether the head that bears the code vouches for what is known. */
  isAt(mac: Uint8Array | null): boolean {
    return isSameCode(this.#mac, mac);
  }

  /** The event that has stated the row last; undefined where there is no such row. */
  find(table: string, key: string): number | undefined {
    return this.#events.get(rowName(table, key));
  }

  /** Takes what a head of `size` events vouches for by `mac`; undefined before there is a key. */
  take(
    events: Map<RowName, number>,
    size: number,
    { mac, key }: { readonly mac: Uint8Array | null; readonly key?: AppendKey },
  ): void {
    this.#events = events;
    this.#size = size;
    this.#mac = mac;
    this.#sum = key && { key, sum: sumOf(key, events) };
  }

  /** Nothing that trusted rows hang on has changed up to there. */
  advance(size: number): void {
    this.#size = size;
  }

  /** Begins a group of actions behind what is known, whose head will bear that key. */
  begin(key: AppendKey): NewestDraft {
    if (this.#sum?.key.id !== key.id) this.#sum = { key, sum: sumOf(key, this.#events) };
    return this.#draft(key, this.#size, this.#sum.sum, new Map());
  }

  #draft(key: AppendKey, before: number, sum: bigint, changed: ReadonlyMap<RowName, number | null>): NewestDraft {
    let mac: Buffer | undefined;
    const draft: NewestDraft = {
      // Of a group the last is wanted alone.
      get mac() {
        return (mac ??= codeOf(key, sum));
      },
      with: (rows) => {
        const trusted = rows.filter(({ table }) => Object.hasOwn(trustedTables, table));
        if (trusted.length === 0) return draft;
        const next = new Map(changed);
        let nextSum = sum;
        for (const { table, key: rowKey, event_id, digest } of trusted) {
          const name = rowName(table, rowKey);
          const known = next.get(name);
          const old = known === undefined ? this.#events.get(name) : known;
          const now = digest === null ? null : event_id;
          if (typeof old === "number") nextSum -= termOf(key, name, old);
          if (now !== null) nextSum += termOf(key, name, now);
          next.set(name, now);
        }
        return this.#draft(key, before, BigInt.asUintN(sumBits, nextSum), next);
      },
      commit: (size) => {
        // Somebody has read meanwhile what was committed.
        if (this.#size !== before) return;
        for (const [name, event] of changed) {
          if (event === null) this.#events.delete(name);
          else this.#events.set(name, event);
        }
        this.#size = size;
        this.#mac = draft.mac;
        this.#sum = { key, sum };
      },
    };
    return draft;
  }
}

/** The code of a head under that key which vouches for just these. */
export function newestMac(key: AppendKey, events: ReadonlyMap<RowName, number>): Buffer {
  return codeOf(key, sumOf(key, events));
}

function sumOf(key: AppendKey, events: ReadonlyMap<RowName, number>): bigint {
  let sum = 0n;
  for (const [name, event] of events) sum += termOf(key, name, event);
  return BigInt.asUintN(sumBits, sum);
}

/** HMAC-SHA-256 over "ironlog-newest-v1" and a line feed, then the row's name and the event's id, each behind its length, as a number with the highest byte first. */
function termOf({ secret }: AppendKey, name: RowName, event: number): bigint {
  return BigInt(`0x${lengthPrefixedMac(secret, "ironlog-newest-v1\n", [name, String(event)]).toString("hex")}`);
}

/** HMAC-SHA-256 over "ironlog-newest-sum-v1" and a line feed, then the sum modulo 2^256 in 32 bytes, the highest first, behind its length. */
function codeOf({ secret }: AppendKey, sum: bigint): Buffer {
  const bytes = Buffer.from(sum.toString(16).padStart(sumBits / 4, "0"), "hex");
  return lengthPrefixedMac(secret, "ironlog-newest-sum-v1\n", [bytes]);
}

function isSameCode(one: Uint8Array | null, other: Uint8Array | null): boolean {
  return one === null || other === null ? one === other : isSameMac(one, other);
}
