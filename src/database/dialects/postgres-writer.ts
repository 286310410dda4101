import { setTimeout as sleep } from "node:timers/promises";
import type { Transaction } from "kysely";
import pg from "pg";
import { type ActingSession, openSession } from "./postgres-connection.ts";
import {
  allInOrder,
  appendEvents,
  appendNodes,
  closeAction,
  commit,
  lockHead,
  moveHead,
  readSurroundings,
  writeRowMacs,
} from "./postgres-writing.ts";
import type { SeekingConfig } from "./postgres-seeking.ts";
import { failureKind } from "../failures.ts";
import type { AppendKeys } from "../writing/append-keys.ts";
import { catchUpLocked } from "../writing/catch-up.ts";
import type { NewestDraft } from "../writing/newest-states.ts";
import { mergeChanges, type RowChange, stateFirstRows } from "../writing/row-changes.ts";
import { PendingRowMacs } from "../writing/pending-row-macs.ts";
import { Mutex } from "../writing/mutex.ts";
import type { BookkeepingTables, EventTable, CheckpointTables } from "../tables.ts";
import {
  type ActionTransaction,
  CommitUnknown,
  type HeadRow,
  refuseDoubtful,
  type Writer,
  type WriteTransaction,
} from "../writing/writer.ts";

/** After a lost commit: how long to ask how it ended, and how often. */
const commitQuestionsMs = 20_000;
const commitQuestionPauseMs = 500;

/** Writes over one connection. The lock on `log_head`, taken first, makes actions serial between all servers. */
export class PostgresWriter implements Writer {
  readonly keys: AppendKeys;
  readonly #options: SeekingConfig;
  readonly #mutex = new Mutex();
  #session: ActingSession | undefined;

  constructor(options: SeekingConfig, keys: AppendKeys) {
    this.keys = keys;
    this.#options = options;
  }

  async begin(): Promise<WriteTransaction> {
    const release = await this.#mutex.acquire();
    let session: ActingSession | undefined;
    try {
      session = await this.#connected();
      await session.client.query("begin isolation level read committed");
      const { client } = session;
      const locked = client.query<Omit<HeadRow, keyof Surroundings>>(lockHead);
      // A statement of its own: the one that waited for the lock still sees what was there before it waited.
      const around = client.query<Surroundings>(readSurroundings);
      await allInOrder([locked, around]);
      const [row, surroundings] = [(await locked).rows[0], (await around).rows[0]];
      if (row === undefined || surroundings === undefined)
        throw new Error("log_head is empty: the database is damaged");
      const head = { ...row, ...surroundings };
      refuseDoubtful(head, this.keys);
      await catchUpLocked(session.transactions, this.keys, head);
      return new PostgresWriteTransaction(this, session, head, release);
    } catch (error) {
      await this.#end(session, error);
      release();
      throw error;
    }
  }

  keepBooks<Result>(work: (tx: Transaction<BookkeepingTables>) => Promise<Result>): Promise<Result> {
    return this.#apart(work);
  }

  seal<Result>(work: (tx: Transaction<CheckpointTables>) => Promise<Result>): Promise<Result> {
    return this.#apart(work);
  }

  async #apart<Apart, Result>(work: (tx: Transaction<Apart>) => Promise<Result>): Promise<Result> {
    const release = await this.#mutex.acquire();
    let session: ActingSession | undefined;
    try {
      session = await this.#connected();
      await session.client.query("begin isolation level read committed");
      const { tx, end } = session.transactions.open<Apart>();
      const result = await work(tx).finally(end);
      await commit(session.client);
      return result;
    } catch (error) {
      await this.#end(session, error);
      throw error;
    } finally {
      release();
    }
  }

  /** A database that has stopped answering would let the rollback wait as long again. */
  async #end(session: ActingSession | undefined, error: unknown): Promise<void> {
    const isSilent = failureKind(error) === "away" && !(error instanceof pg.DatabaseError);
    await (session !== undefined && isSilent ? this.giveUp(session) : this.endTransaction(session));
  }

  /** Rolls back; a connection that can't even do that is given up, and the next transaction gets a new one. */
  async endTransaction(session: ActingSession | undefined): Promise<void> {
    if (session === undefined) return;
    try {
      await session.client.query("rollback");
    } catch {
      this.giveUp(session);
    }
  }

  giveUp(session: ActingSession): void {
    if (this.#session === session) this.#session = undefined;
    session.client.end().catch(() => {});
  }

  /**
   * Asks a new connection how a transaction ended, whose own broke before it could say. Under the log's lock its first event
   * is there, with the same hash, or never will be. Its number would not do: after a fail-over that may be another's.
   */
  async outcomeOf(witness: Witness): Promise<"committed" | "aborted" | "unknown"> {
    for (const end = performance.now() + commitQuestionsMs; performance.now() < end;) {
      let session: ActingSession | undefined;
      try {
        session = await this.#connected();
        await session.client.query("begin isolation level read committed");
        await session.client.query(lockHead);
        const { rows } = await session.client.query<{ leaf_hash: Buffer }>(
          "select leaf_hash from event where id = $1",
          [witness.id],
        );
        return rows[0]?.leaf_hash.equals(witness.leaf_hash) === true ? "committed" : "aborted";
      } catch (error) {
        if (failureKind(error) === "other") return "unknown";
      } finally {
        await this.endTransaction(session);
      }
      await sleep(commitQuestionPauseMs);
    }
    return "unknown";
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#mutex.close();
    this.keys.flush();
    await this.#session?.client.end();
  }

  async #connected(): Promise<ActingSession> {
    if (this.#session !== undefined) return this.#session;
    const session = await openSession(this.#options, () => {
      if (this.#session === session) this.#session = undefined;
    });
    this.#session = session;
    return session;
  }
}

type Surroundings = Pick<HeadRow, "origin" | "moved">;

/** The first event of a transaction. Its salts are random, so no other has its hash. */
type Witness = Pick<EventTable, "id" | "leaf_hash">;

class PostgresWriteTransaction implements WriteTransaction {
  readonly overlaps = true;
  readonly keys: AppendKeys;
  readonly head: HeadRow;
  readonly #writer: PostgresWriter;
  readonly #session: ActingSession;
  #witness: Witness | undefined;
  /** The head after the last action that has ended: it moves once, with the commit. */
  #moved: WriteTransaction["head"] | undefined;
  #newest: NewestDraft;
  readonly #rowMacs: PendingRowMacs;
  /** The log's name after that action. */
  #origin: string | null;
  readonly #release: () => void;
  #opened: Promise<unknown> = Promise.resolve();
  #hasSavepoint = false;
  /** How many changes of the open action were handed over. */
  #noted = 0;
  /** The end of the last action that is on its way there. */
  #closed: Promise<unknown> = Promise.resolve();
  /** What can't be taken back: the next action may have let go of the savepoint. */
  #broken: Error | undefined;

  constructor(writer: PostgresWriter, session: ActingSession, head: HeadRow, release: () => void) {
    this.#writer = writer;
    this.keys = writer.keys;
    this.#session = session;
    this.head = head;
    this.#origin = head.origin;
    this.#newest = this.keys.beginNewest(head.key_id);
    this.#rowMacs = new PendingRowMacs((state) => this.keys.authenticateRow(state, head.key_id));
    this.#release = release;
  }

  async openAction(eventId: number): Promise<ActionTransaction> {
    const { client, transactions } = this.#session;
    this.#session.notes.length = 0;
    // The one before has ended, or fails with this.
    const release = this.#hasSavepoint ? "release savepoint act; " : "";
    this.#hasSavepoint = true;
    const first = eventId === 1 ? stateFirstRows.map((statement) => `; ${statement}`).join("") : "";
    // Not waited for: the action's statements follow it on the wire, and fail with it.
    this.#opened = client.query(
      `${release}savepoint act; select set_config('ironlog.event_id', '${eventId}', true), set_config('ironlog.changes', '', true)${first}`,
    );
    this.#opened.catch(() => {});
    return transactions.openAction(this.#opened);
  }

  async changes(): Promise<readonly RowChange[]> {
    // The messages of a statement come before its answer: those of the opening may still be on their way.
    if (this.head.last_event_id === 0) await this.#opened;
    this.#noted = this.#session.notes.length;
    return mergeChanges(this.#session.notes).map((change) => this.#rowMacs.beside(change));
  }

  closeAction(...action: Parameters<WriteTransaction["closeAction"]>): Promise<void> {
    const closing = this.#close(this.#closed, ...action);
    this.#closed = closing.catch(() => {}); // Its failure is told to whoever waits for this action.
    return closing;
  }

  async #close(
    before: Promise<unknown>,
    ...[head, events, nodes, rows]: Parameters<WriteTransaction["closeAction"]>
  ): Promise<void> {
    const noted = this.#noted;
    const { client } = this.#session;
    const rowMacs = this.#rowMacs.close(rows);
    const written = [this.#opened, appendEvents(client, events)];
    if (nodes.length > 0) written.push(appendNodes(client, nodes));
    // It looks here and now whether this action's event is there: at the commit there would be one for the whole group.
    const closed = client.query<{ origin: string | null; changes: string }>(closeAction);
    await allInOrder([...written, closed]);
    const { origin = null, changes } = (await closed).rows[0] ?? {};
    // Answers that come together settle in no order of their own, and the head is where the last action has left it.
    await before;
    if (Number(changes) !== noted) {
      this.#broken ??= new Error("a change was not handed over: is client_min_messages or a proxy in the way?");
      throw this.#broken;
    }
    this.#moved = head;
    this.#newest = this.#newest.with(rows);
    this.#rowMacs.settle(rowMacs);
    this.#origin = origin;
    // Only now: what is taken back can't tell whether the rest was committed.
    this.#witness ??= events[0];
  }

  /** The statement that moves the head, authenticated by the log's key; undefined where nothing was recorded. */
  #moveHead(): string | undefined {
    if (this.#moved === undefined) return undefined;
    const head = { ...this.#moved, origin: this.#origin };
    return moveHead({ ...head, ...this.keys.authenticate(head, this.#newest, this.head.key_id) });
  }

  async undoAction(): Promise<void> {
    if (this.#broken !== undefined) throw this.#broken;
    this.#rowMacs.undo();
    this.#hasSavepoint = false;
    await this.#session.client.query("rollback to savepoint act; release savepoint act");
  }

  async commit(): Promise<void> {
    try {
      const { client } = this.#session;
      await allInOrder(writeRowMacs(client, this.#rowMacs.all()));
      await commit(client, this.#moveHead());
    } catch (error) {
      const kind = failureKind(error);
      if (kind !== "away" && kind !== "overloaded") throw error;
      this.#writer.giveUp(this.#session);
      // Without events there was nothing to commit.
      const outcome = this.#witness === undefined ? "aborted" : await this.#writer.outcomeOf(this.#witness);
      if (outcome === "unknown") throw new CommitUnknown("the connection broke during a commit", { cause: error });
      if (outcome === "aborted") throw error;
    }
    if (this.#moved !== undefined) {
      this.#newest.commit(this.#moved.last_event_id);
      this.keys.note(this.#moved);
    }
    this.#release();
  }

  async rollback(): Promise<void> {
    try {
      await this.#writer.endTransaction(this.#session);
    } finally {
      this.#release();
    }
  }
}
