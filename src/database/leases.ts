import type { Transaction } from "kysely";
import type { BookkeepingTables } from "./tables.ts";

/** The database ends the session of a server that is silent for so long: a frozen server must not keep its leases. */
export const leaseSilenceMs = 9_000;

/** Work of which several servers on one database must not do the same at once: for each name one server holds the lease. */
export interface SharedLeases {
  /**
   * Opens a connection that can hold leases. Its end, for whatever reason, is the end of all that it holds; `onLost` is called
   * then, once. Throws what the database throws.
   */
  open(onLost: () => void): Promise<LeaseSession>;
  /** What the servers have written down of all leases, held or not. */
  read(): Promise<readonly StoredLease[]>;
  /** Asks the holder, now or later, to do the work of that name soon. */
  request(name: string): Promise<void>;
}

/** A connection that holds leases. After an error of any method it must be disposed of: nobody knows what it holds. */
export interface LeaseSession extends AsyncDisposable {
  /** Takes those that nobody holds; returns which. It must not hold one of them already. */
  take(names: readonly string[], holder: string): Promise<readonly string[]>;
  release(name: string): Promise<void>;
  /** Keeps the session from being silent. Tells others how the work goes; returns what was asked for meanwhile. */
  beat(told: readonly ToldLease[]): Promise<readonly RequestedWork[]>;
  /** Runs `work` in a transaction over this connection: where the lease is lost, nothing is written. */
  keepBooks: KeepBooks;
}

export type KeepBooks = <Result>(work: (tx: Transaction<BookkeepingTables>) => Promise<Result>) => Promise<Result>;

export interface ToldLease {
  readonly name: string;
  readonly status: string;
  /** How many of the requests have been met. */
  readonly answered: number;
}

export interface RequestedWork {
  readonly name: string;
  readonly requested: number;
  readonly answered: number;
}

export interface StoredLease {
  readonly name: string;
  /** True if the server that it names holds it now, as the database sees it. */
  readonly isHeld: boolean;
  readonly holder: string | null;
  /** Microseconds, by the database's clock. */
  readonly since: number | null;
  readonly status: string | null;
  readonly isRequested: boolean;
}
