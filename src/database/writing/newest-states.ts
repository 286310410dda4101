import type { RowState } from "./row-changes.ts";

/** Rows that are remembered; beyond it the ones that changed longest ago are forgotten. */
const rowsRemembered = 100_000;

/**
 * Which event has stated a row last, as far as this process knows. An older row bears a right code for ever: whoever puts both
 * back together is found by this alone, and only until the process ends.
 */
export class NewestStates {
  readonly #events = new Map<string, number>();

  /** Takes what was committed, or was read and found right. */
  note({ table, key, event_id }: Pick<RowState, "table" | "key" | "event_id">): void {
    const name = nameOf(table, key);
    const newest = Math.max(event_id, this.#events.get(name) ?? 0);
    // At the end again: a map keeps the order in which its entries came.
    this.#events.delete(name);
    this.#events.set(name, newest);
    if (this.#events.size <= rowsRemembered) return;
    const [oldest] = this.#events.keys();
    if (oldest !== undefined) this.#events.delete(oldest);
  }

  /** The event that has stated the row last; undefined where that isn't known. */
  find(table: string, key: string): number | undefined {
    return this.#events.get(nameOf(table, key));
  }

  /** The log has lost that event. */
  forget(table: string, key: string): void {
    this.#events.delete(nameOf(table, key));
  }
}

function nameOf(table: string, key: string): string {
  return `${table}/${key}`;
}
