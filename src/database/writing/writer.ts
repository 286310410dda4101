import type { Transaction } from "kysely";
import type { Database } from "../database.ts";
import { Refusal } from "../../refusal.ts";
import type { TileNode } from "../../verifiable-log/tree.ts";
import type { RowChange, RowState } from "./row-changes.ts";
import type { AppendKeys, StoredHead } from "./append-keys.ts";
import type { BookkeepingTables, DomainTables, EventTable, LogHeadTable, CheckpointTables } from "../tables.ts";

/**
 * The one way to write, held by `audit/` and `database/` alone (a rule of the import table).
 *
 * One transaction at a time in this process; between processes the log's lock decides.
 */
export interface Writer extends AsyncDisposable {
  /** The keys that its heads are authenticated by. */
  readonly keys: AppendKeys;
  /**
   * Opens a transaction that holds the log's lock until it ends. Refuses with `overloaded` if that takes too long, with `moved` where
   * the log goes on elsewhere, with `append_key` or `forged_head` where the head isn't as this log's key has left it.
   */
  begin(): Promise<WriteTransaction>;
  /** Runs `work` in a transaction of its own that does not touch the log, and commits it. */
  keepBooks<Result>(work: (tx: Transaction<BookkeepingTables>) => Promise<Result>): Promise<Result>;
  /** The same for the signer. */
  seal<Result>(work: (tx: Transaction<CheckpointTables>) => Promise<Result>): Promise<Result>;
}

/** A group of actions on its way to one commit. Every method must be awaited before the next, but for `overlaps`. */
export interface WriteTransaction {
  /** The keys that rows and heads are authenticated by. */
  readonly keys: AppendKeys;
  /** True if an action may be opened before the one before it has ended: it then fails with it, and is to be tried again. */
  readonly overlaps: boolean;
  /** The log's head as the group found it; nobody else can move it before the group ends. */
  readonly head: Pick<LogHeadTable, "last_event_id" | "last_created" | "frontier">;
  /** Opens one action's savepoint. Its changes are allowed until `closeAction`, which demands event `eventId`. */
  openAction(eventId: number): Promise<ActionTransaction>;
  /** What has become of rows since the action was opened. Before its first event: also the rows that every log begins with. */
  changes(): Promise<readonly RowChange[]>;
  /**
   * Ends the action: its events and the nodes of the tree that they complete are appended, `rows` are authenticated, and the database checks that the
   * event that it was opened for is there. The head has moved when the group is committed.
   */
  closeAction(
    head: WriteTransaction["head"],
    events: readonly EventTable[],
    nodes: readonly TileNode[],
    rows: readonly RowState[],
  ): Promise<void>;
  /** Takes back the open action alone. Throws if the whole transaction is gone: then the group has failed. */
  undoAction(): Promise<void>;
  /** Returns once the group is on disk. Throws `CommitUnknown` if nobody can say whether it is. */
  commit(): Promise<void>;
  /** Gives the transaction up, whatever state it is in. */
  rollback(): Promise<void>;
}

/** The head as a writer finds it. */
export type HeadRow = StoredHead & {
  /** When the log was moved elsewhere; null for one that is at home here. */
  readonly moved: number | null;
};

/** Refuses to append behind a head of a log that was moved away, or that nobody with its key has left so. */
export function refuseDoubtful(head: HeadRow, keys: AppendKeys): void {
  if (head.moved !== null) throw movedAway();
  const doubt = keys.doubtOf(head);
  if (doubt !== undefined) throw doubt;
}

/** What a log that was moved says to whoever wants to write to it. */
export function movedAway(): Refusal {
  const sentence = "This log was moved to another database, and takes nothing more: use that one.";
  return new Refusal("moved", sentence, { retryAfterSeconds: 600 });
}

declare const isInAction: unique symbol;
/** The transaction of an open action. The mark is for the compiler: one for bookkeeping would pass for it otherwise. */
export type DomainTransaction = Transaction<DomainTables> & { readonly [isInAction]: true };

export interface ActionTransaction {
  readonly tx: DomainTransaction;
  /** Settles when the database has opened it; its statements need not wait for that. */
  readonly opened: Promise<unknown>;
  /** From here on every statement of `tx` fails: a promise that nobody awaited must not write into the next action. */
  end(): void;
}

/** The connection or the disk failed during a commit, and the database can't be asked how it ended. */
export class CommitUnknown extends Error {
  override readonly name = "CommitUnknown";
}

const writers = new WeakMap<Database, Writer>();

export function registerWriter(db: Database, writer: Writer): void {
  writers.set(db, writer);
}

export function writerOf(db: Database): Writer {
  const writer = writers.get(db);
  if (writer === undefined) throw new Error("this database was not opened by openDatabase");
  return writer;
}
