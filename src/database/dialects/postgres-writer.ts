import { setTimeout as sleep } from "node:timers/promises";
import { PostgresDialect, type Transaction } from "kysely";
import pg from "pg";
import { PostgresClient } from "./postgres-client.ts";
import { PostgresConnection } from "./postgres-connection.ts";
import { allInOrder, appendEvents, appendNodes } from "./postgres-events.ts";
import type { SeekingConfig } from "./postgres-seeking.ts";
import { prepareConnection } from "./postgres-session.ts";
import { TransactionFactory } from "../writing/action-transaction.ts";
import { failureKind } from "../failures.ts";
import { Mutex } from "../writing/mutex.ts";
import type { TileNode } from "../../verifiable-log/tree.ts";
import type { BookkeepingTables, EventTable, CheckpointTables } from "../tables.ts";
import {
  type ActionTransaction,
  CommitUnknown,
  movedAway,
  type Writer,
  type WriteTransaction,
} from "../writing/writer.ts";

/** After a lost commit: how long to ask how it ended, and how often. */
const commitQuestionsMs = 20_000;
const commitQuestionPauseMs = 500;

/** Writes over one connection. The lock on `log_head`, taken first, makes actions serial between all servers. */
export class PostgresWriter implements Writer {
  readonly #options: SeekingConfig;
  readonly #mutex = new Mutex();
  #session: Session | undefined;

  constructor(options: SeekingConfig) {
    this.#options = options;
  }

  async begin(): Promise<WriteTransaction> {
    const release = await this.#mutex.acquire();
    let session: Session | undefined;
    try {
      session = await this.#connected();
      await session.client.query("begin isolation level read committed");
      const { client } = session;
      const locked = client.query<LockedHead>(lockHead);
      // A statement of its own: the one that waited for the lock still sees what was there before it waited.
      const moves = client.query<{ moved: number | null }>("select max(moved) as moved from log_move");
      await allInOrder([locked, moves]);
      const head = (await locked).rows[0];
      if (head === undefined) throw new Error("log_head is empty: the database is damaged");
      if ((await moves).rows[0]?.moved !== null) throw movedAway();
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
    let session: Session | undefined;
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
  async #end(session: Session | undefined, error: unknown): Promise<void> {
    const isSilent = failureKind(error) === "away" && !(error instanceof pg.DatabaseError);
    await (session !== undefined && isSilent ? this.giveUp(session) : this.endTransaction(session));
  }

  /** Rolls back; a connection that can't even do that is given up, and the next transaction gets a new one. */
  async endTransaction(session: Session | undefined): Promise<void> {
    if (session === undefined) return;
    try {
      await session.client.query("rollback");
    } catch {
      this.giveUp(session);
    }
  }

  giveUp(session: Session): void {
    if (this.#session === session) this.#session = undefined;
    session.client.end().catch(() => {});
  }

  /**
   * Asks a new connection how a transaction ended, whose own broke before it could say. Under the log's lock its first event
   * is there, with the same hash, or never will be. Its number would not do: after a fail-over that may be another's.
   */
  async outcomeOf(witness: Witness): Promise<"committed" | "aborted" | "unknown"> {
    for (const end = performance.now() + commitQuestionsMs; performance.now() < end;) {
      let session: Session | undefined;
      try {
        session = await this.#connected();
        await session.client.query("begin isolation level read committed");
        await session.client.query(lockHead);
        const { rows } = await session.client.query<{ leaf_hash: Buffer }>(
          "select leaf_hash from event where id = $1",
          [witness.id],
        );
        return rows[0]?.leaf_hash.equals(witness.leafHash) === true ? "committed" : "aborted";
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
    await this.#session?.client.end();
  }

  async #connected(): Promise<Session> {
    if (this.#session !== undefined) return this.#session;
    const client = new PostgresClient(pipelined(this.#options));
    const connection = new PostgresConnection(client);
    // The dialect only compiles here; its pool is never asked for a connection.
    const transactions = new TransactionFactory(new PostgresDialect({ pool: new pg.Pool({ max: 0 }) }), connection);
    const session: Session = { client, transactions };
    client.on("error", () => {
      if (this.#session === session) this.#session = undefined;
    });
    await client.connect();
    try {
      await prepareConnection(client, "acting");
    } catch (error) {
      client.end().catch(() => {});
      throw error;
    }
    this.#session = session;
    return session;
  }
}

/** Statements that don't wait for each other's answers go out in one journey; node-postgres's types don't know it yet. */
function pipelined(options: SeekingConfig): SeekingConfig {
  const pipeline = { pipeline: true };
  return { ...options, ...pipeline };
}

interface Session {
  readonly client: pg.Client;
  readonly transactions: TransactionFactory;
}

type LockedHead = WriteTransaction["head"];

/** The first event of a transaction. Its salts are random, so no other has its hash. */
interface Witness {
  readonly id: number;
  readonly leafHash: Uint8Array;
}

const lockHead = "select last_event_id, last_created, edge from log_head where one = 1 for update";

class PostgresWriteTransaction implements WriteTransaction {
  readonly overlaps = true;
  readonly head: WriteTransaction["head"];
  readonly #writer: PostgresWriter;
  readonly #session: Session;
  #witness: Witness | undefined;
  /** The head after the last action that has ended: it moves once, with the commit. */
  #moved: LockedHead | undefined;
  readonly #release: () => void;
  #opened: Promise<unknown> = Promise.resolve();

  constructor(writer: PostgresWriter, session: Session, head: LockedHead, release: () => void) {
    this.#writer = writer;
    this.#session = session;
    this.head = head;
    this.#release = release;
  }

  async openAction(eventId: number): Promise<ActionTransaction> {
    const { client, transactions } = this.#session;
    // Not waited for: the action's statements follow it on the wire, and fail with it.
    this.#opened = client.query(`savepoint act; select set_config('ironlog.event_id', '${eventId}', true)`);
    this.#opened.catch(() => {});
    return transactions.openAction(this.#opened);
  }

  async closeAction(
    head: WriteTransaction["head"],
    events: readonly EventTable[],
    nodes: readonly TileNode[],
  ): Promise<void> {
    const { client } = this.#session;
    await allInOrder([
      this.#opened,
      appendEvents(client, events),
      ...(nodes.length === 0 ? [] : [appendNodes(client, nodes)]),
      // It looks here and now whether this action's event is there: at the commit there would be one for the whole group.
      client.query("select ironlog_close_action(); release savepoint act"),
    ]);
    this.#moved = head;
    // Only now: what is taken back can't tell whether the rest was committed.
    const [first] = events;
    if (first !== undefined) this.#witness ??= { id: first.id, leafHash: first.leaf_hash };
  }

  async undoAction(): Promise<void> {
    await this.#session.client.query("rollback to savepoint act; release savepoint act");
  }

  async commit(): Promise<void> {
    try {
      await commit(this.#session.client, this.#moved);
    } catch (error) {
      const kind = failureKind(error);
      if (kind !== "away" && kind !== "overloaded") throw error;
      this.#writer.giveUp(this.#session);
      // Without events there was nothing to commit.
      const outcome = this.#witness === undefined ? "aborted" : await this.#writer.outcomeOf(this.#witness);
      if (outcome === "unknown") throw new CommitUnknown("the connection broke during a commit", { cause: error });
      if (outcome === "aborted") throw error;
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

/**
 * Commits, with the head at its new place. PostgreSQL answers the commit of a transaction that has failed with a rollback, and
 * with no error.
 */
async function commit(client: pg.Client, moved?: LockedHead): Promise<void> {
  const answers: pg.QueryResult | pg.QueryResult[] = await client.query(`${moved ? moveHead(moved) : ""}commit`);
  const last = Array.isArray(answers) ? answers.at(-1) : answers;
  if (last?.command === "COMMIT") return;
  throw new Error("PostgreSQL took the whole transaction back instead of committing it");
}

function moveHead({ last_event_id, last_created, edge }: LockedHead): string {
  return `update log_head set last_event_id = ${last_event_id}, last_created = ${last_created},
    edge = '\\x${Buffer.from(edge).toString("hex")}' where one = 1; `;
}
