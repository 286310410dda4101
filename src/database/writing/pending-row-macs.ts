import type { RowChange, RowMac, RowState } from "./row-changes.ts";

type Living = RowState & { readonly digest: Uint8Array };

/** What is to stand beside a row; undefined where it is gone. */
export interface PendingRowMac {
  readonly table: string;
  readonly key: string;
  readonly mac: RowMac | undefined;
}

type Layer = ReadonlyMap<string, PendingRowMac>;

/** What is to stand beside the rows that a group of actions has changed. It is written once, before the group's commit. */
export class PendingRowMacs {
  readonly #authenticate: (state: Living) => Pick<RowMac, "key_id" | "mac">;
  readonly #settled = new Map<string, PendingRowMac>();
  /** Of actions that are on their way to their ends, the newest last. */
  #closing: readonly Layer[] = [];

  constructor(authenticate: (state: Living) => Pick<RowMac, "key_id" | "mac">) {
    this.#authenticate = authenticate;
  }

  /** A change as it was noted, with what stands beside the row in truth: the database doesn't have it yet. */
  beside(change: RowChange): RowChange {
    const name = nameOf(change);
    const layer = this.#closing.findLast((one) => one.has(name)) ?? this.#settled;
    const pending = layer.get(name);
    return pending === undefined ? change : { ...change, mac: pending.mac ?? null };
  }

  /** Takes how an action leaves rows. To be called with what it gives once the action has ended. */
  close(rows: readonly RowState[]): Layer {
    const layer = new Map(rows.map((row) => [nameOf(row), this.#pending(row)]));
    this.#closing = [...this.#closing, layer];
    return layer;
  }

  settle(layer: Layer): void {
    if (!this.#closing.includes(layer)) return;
    this.#closing = this.#closing.filter((one) => one !== layer);
    for (const [name, pending] of layer) this.#settled.set(name, pending);
  }

  /** What has not ended was taken back. */
  undo(): void {
    this.#closing = [];
  }

  #pending(row: RowState): PendingRowMac {
    const { table, key, event_id, salt, digest } = row;
    const mac = digest === null ? undefined : { event_id, salt, ...this.#authenticate({ ...row, digest }) };
    return { table, key, mac };
  }

  /** What the actions that have ended leave. */
  all(): readonly PendingRowMac[] {
    return [...this.#settled.values()];
  }
}

function nameOf({ table, key }: Pick<RowState, "table" | "key">): string {
  return JSON.stringify([table, key]);
}
