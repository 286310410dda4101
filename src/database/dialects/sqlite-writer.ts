import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import type { Transaction } from "kysely";
import { Refusal } from "../../refusal.ts";
import { TransactionFactory } from "../writing/action-transaction.ts";
import { eventColumns } from "../event-columns.ts";
import { failureKind } from "../failures.ts";
import type { AppendKeys } from "../writing/append-keys.ts";
import { catchUpLocked } from "../writing/catch-up.ts";
import type { NewestDraft } from "../writing/newest-states.ts";
import { type RowChange, type RowState, stateFirstRows } from "../writing/row-changes.ts";
import { SqliteRowChanges } from "./sqlite-row-changes.ts";
import { originQuery } from "../writing/read-head.ts";
import { Mutex } from "../writing/mutex.ts";
import { type TileNode, tileWidth } from "../../verifiable-log/tree.ts";
import type { BookkeepingTables, EventTable, CheckpointTables } from "../tables.ts";
import {
  type ActionTransaction,
  CommitUnknown,
  type HeadRow,
  refuseDoubtful,
  type Writer,
  type WriteTransaction,
} from "../writing/writer.ts";
import { NodeSqliteConnection, NodeSqliteDialect } from "./node-sqlite.ts";

/** How long another process (a local command, a backup) may hold the file before a change is refused. */
const lockWaitMsMax = 10_000;
const lockRetryMs = 5;

/** `full`: a commit is on disk when it returns. `normal`: a power cut may take it back, and all that came after it, never one before. */
type Synchronous = "full" | "normal";

/** Writes to one SQLite file. SQLite's own lock on the file is the log's lock. */
export class SqliteWriter implements Writer {
  readonly keys: AppendKeys;
  readonly #database: DatabaseSync;
  readonly #transactions: TransactionFactory;
  readonly #mutex = new Mutex();
  readonly #statements: Statements;
  /** As the file was opened. */
  #synchronous: Synchronous = "full";

  constructor(database: DatabaseSync, keys: AppendKeys) {
    this.keys = keys;
    this.#database = database;
    this.#transactions = new TransactionFactory(new NodeSqliteDialect(database), new NodeSqliteConnection(database));
    this.#statements = prepareStatements(database);
  }

  async begin(): Promise<WriteTransaction> {
    const release = await this.#mutex.acquire();
    try {
      await this.#beginImmediate();
      // The column list of readHead is the type.
      const head = this.#statements.readHead.get() as unknown as HeadRow;
      refuseDoubtful(head, this.keys);
      await catchUpLocked(this.#transactions, this.keys, head);
      return new SqliteWriteTransaction(this.#database, head, this.keys, this.#statements, this.#transactions, release);
    } catch (error) {
      try {
        if (this.#database.isTransaction) this.#statements.rollback.run();
      } finally {
        release();
      }
      throw error;
    }
  }

  /** A power cut may take back what was noted since the last change was recorded. What is noted says what needn't be done again. */
  async keepBooks<Result>(work: (tx: Transaction<BookkeepingTables>) => Promise<Result>): Promise<Result> {
    return this.#apart(work, "normal");
  }

  seal<Result>(work: (tx: Transaction<CheckpointTables>) => Promise<Result>): Promise<Result> {
    return this.#apart(work);
  }

  async #apart<Apart, Result>(
    work: (tx: Transaction<Apart>) => Promise<Result>,
    synchronous: Synchronous = "full",
  ): Promise<Result> {
    const release = await this.#mutex.acquire();
    const { tx, end } = this.#transactions.open<Apart>();
    try {
      await this.#beginImmediate(synchronous);
      const result = await work(tx);
      this.#statements.commit.run();
      return result;
    } finally {
      end();
      try {
        if (this.#database.isTransaction) this.#statements.rollback.run();
      } finally {
        release();
      }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#mutex.close();
    this.keys.flush();
  }

  async #beginImmediate(synchronous: Synchronous = "full"): Promise<void> {
    // A rollback that failed has left its transaction open; its callers were told that nothing happened.
    if (this.#database.isTransaction) this.#statements.rollback.run();
    // It can't be set within a transaction.
    if (this.#synchronous !== synchronous) this.#database.exec(`pragma synchronous = ${synchronous}`);
    this.#synchronous = synchronous;
    const giveUpAt = performance.now() + lockWaitMsMax;
    for (;;) {
      try {
        this.#statements.begin.run();
        return;
      } catch (error) {
        if (failureKind(error) !== "retry") throw error;
        if (performance.now() > giveUpAt) {
          throw new Refusal(
            "overloaded",
            "Another program holds the database locked. Nothing was changed; try again.",
            {
              retryAfterSeconds: 5,
              cause: error,
            },
          );
        }
        await sleep(lockRetryMs);
      }
    }
  }
}

type Statements = ReturnType<typeof prepareStatements>;

function prepareStatements(database: DatabaseSync) {
  const prepare = (sql: string): StatementSync => database.prepare(sql);
  return {
    begin: prepare("begin immediate"),
    commit: prepare("commit"),
    rollback: prepare("rollback"),
    savepoint: prepare("savepoint act"),
    release: prepare("release act"),
    rollbackToSavepoint: prepare("rollback to act"),
    readHead: prepare(
      `select last_event_id, last_created, frontier, key_id, mac, newest_mac,
        (${originQuery}) as origin,
        (select max(moved) from log_move) as moved from log_head`,
    ),
    readOrigin: prepare(originQuery),
    moveHead: prepare(
      "update log_head set last_event_id = ?, last_created = ?, frontier = ?, key_id = ?, mac = ?, newest_mac = ?",
    ),
    openAction: prepare("insert into open_action (one, event_id) values (1, ?)"),
    closeAction: prepare("delete from open_action"),
    appendNode: prepare("insert into tree_node (level, position, hash) values (?, ?, ?)"),
    rowChanges: new SqliteRowChanges(database),
    readLeafHashes: prepare("select leaf_hash from event where id > ? and id <= ? order by id"),
    appendLeafTile: prepare("insert into leaf_tile (position, hashes) values (?, ?)"),
    // One row: what it violates is found before it is there, and SQLite needs no journal of the statement.
    appendEvent: prepare(
      `insert or fail into event (${eventColumns.join(", ")}) values (${eventColumns.map(() => "?").join(", ")})`,
    ),
  };
}

/** SQLITE_IOERR_WRITE, an extended code: https://www.sqlite.org/rescode.html#ioerr_write. */
const ioerrWrite = 778;

/**
 * True of a commit that could not write all its pages, for want of room or for a quota or limit: the mark that makes it count
 * goes with the last page, which is not there. SQLite has taken it back.
 */
function isCutShort(error: unknown): boolean {
  return (
    failureKind(error) === "storage-full" ||
    (error instanceof Error && "errcode" in error && error.errcode === ioerrWrite)
  );
}

class SqliteWriteTransaction implements WriteTransaction {
  readonly overlaps = false;
  readonly head: HeadRow;
  readonly keys: AppendKeys;
  #moved: WriteTransaction["head"] | undefined;
  #newest: NewestDraft;
  readonly #database: DatabaseSync;
  readonly #statements: Statements;
  readonly #transactions: TransactionFactory;
  readonly #release: () => void;

  constructor(
    database: DatabaseSync,
    head: HeadRow,
    keys: AppendKeys,
    statements: Statements,
    transactions: TransactionFactory,
    release: () => void,
  ) {
    this.#database = database;
    this.#statements = statements;
    this.#transactions = transactions;
    this.#release = release;
    this.head = head;
    this.keys = keys;
    this.#newest = keys.beginNewest(head.key_id);
  }

  async openAction(eventId: number): Promise<ActionTransaction> {
    this.#statements.savepoint.run();
    this.#statements.openAction.run(eventId);
    if (eventId === 1) for (const statement of stateFirstRows) this.#database.exec(statement);
    return this.#transactions.openAction(Promise.resolve());
  }

  async changes(): Promise<readonly RowChange[]> {
    return this.#statements.rowChanges.take();
  }

  async closeAction(
    head: WriteTransaction["head"],
    events: readonly EventTable[],
    nodes: readonly TileNode[],
    rows: readonly RowState[],
  ): Promise<void> {
    this.#statements.rowChanges.authenticate(rows, this.keys, this.head.key_id);
    for (const event of events) {
      const values: SQLInputValue[] = eventColumns.map((column) => event[column]);
      this.#statements.appendEvent.run(...values);
    }
    for (const { level, index, hash } of nodes) {
      this.#statements.appendNode.run(level, index, hash);
      if (level === 1) this.#appendLeafTile(index);
    }
    const origin = (this.#statements.readOrigin.get()?.["origin"] ?? null) as string | null;
    const newest = this.#newest.with(rows);
    const { key_id, newest_mac, mac } = this.keys.authenticate({ ...head, origin }, newest, this.head.key_id);
    this.#statements.moveHead.run(head.last_event_id, head.last_created, head.frontier, key_id, mac, newest_mac);
    this.#statements.closeAction.run();
    this.#statements.release.run();
    this.#moved = head;
    this.#newest = newest;
  }

  #appendLeafTile(position: number): void {
    const start = position * tileWidth;
    const rows = this.#statements.readLeafHashes.all(start, start + tileWidth);
    this.#statements.appendLeafTile.run(position, Buffer.concat(rows.map((row) => row["leaf_hash"] as Uint8Array)));
  }

  async undoAction(): Promise<void> {
    // A full disk rolls back everything; the next statement would then commit on its own.
    if (!this.#database.isTransaction) throw new Error("SQLite gave up the whole transaction");
    this.#statements.rollbackToSavepoint.run();
    this.#statements.release.run();
  }

  async commit(): Promise<void> {
    if (!this.#database.isTransaction) throw new Error("SQLite gave up the whole transaction");
    try {
      this.#statements.commit.run();
    } catch (error) {
      // Still open, it can be rolled back.
      if (this.#database.isTransaction || isCutShort(error)) throw error;
      // Any other failure, such as that of the sync, may leave the whole transaction in the write-ahead log, where a restart
      // after a crash finds it.
      throw new CommitUnknown("the disk failed during a commit", { cause: error });
    }
    if (this.#moved !== undefined) {
      this.#newest.commit(this.#moved.last_event_id);
      this.keys.note(this.#moved);
    }
    this.#release();
  }

  async rollback(): Promise<void> {
    try {
      if (this.#database.isTransaction) this.#statements.rollback.run();
    } finally {
      this.#release();
    }
  }
}
