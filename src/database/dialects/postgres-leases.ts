import { type Kysely, PostgresDialect, sql, type Transaction } from "kysely";
import pg from "pg";
import { TransactionFactory } from "../writing/action-transaction.ts";
import type { KeepBooks, LeaseSession, RequestedWork, SharedLeases, StoredLease, ToldLease } from "../leases.ts";
import { Mutex } from "../writing/mutex.ts";
import type { BookkeepingTables, Tables } from "../tables.ts";
import { PostgresClient } from "./postgres-client.ts";
import { PostgresConnection } from "./postgres-connection.ts";
import type { SeekingConfig } from "./postgres-seeking.ts";
import { prepareConnection } from "./postgres-session.ts";

/** The lock of a name. Advisory locks belong to a database, in which several schemas may each have a log. */
const lockKey = (name: string): string =>
  `hashtextextended('ironlog worker ' || current_schema() || ' ' || ${name}, 0)`;

/** Leases as advisory locks, each held by the session of the server that does the work. */
export class PostgresLeases implements SharedLeases {
  readonly #reader: Kysely<Tables>;
  readonly #keepBooks: KeepBooks;
  readonly #options: SeekingConfig;

  /** `keepBooks` writes over a connection that holds nothing. */
  constructor(reader: Kysely<Tables>, keepBooks: KeepBooks, options: SeekingConfig) {
    this.#reader = reader;
    this.#keepBooks = keepBooks;
    this.#options = options;
  }

  async open(onLost: () => void): Promise<LeaseSession> {
    const client = new PostgresClient(this.#options);
    let isOver = false;
    const end = (): void => {
      if (isOver) return;
      isOver = true;
      onLost();
    };
    client.on("error", end);
    client.on("end", end);
    try {
      await client.connect();
      await prepareConnection(client, "leasing");
    } catch (error) {
      client.end().catch(() => {});
      throw error;
    }
    return new PostgresLeaseSession(client, end);
  }

  async read(): Promise<readonly StoredLease[]> {
    const { rows } = await sql<StoredLease>`
      select worker as name, holder, since, status, requested > answered as "isRequested",
        exists (
          select from pg_locks
          where locktype = 'advisory' and granted and pid = backend and objsubid = 1
            and database = (select oid from pg_database where datname = current_database())
            and ((classid::bigint << 32) | objid::bigint) = ${sql.raw(lockKey("worker"))}
        ) as "isHeld"
      from worker_lease`.execute(this.#reader);
    return rows;
  }

  async request(name: string): Promise<void> {
    await this.#keepBooks(async (tx) => {
      await sql`insert into worker_lease (worker, requested) values (${name}, 1)
        on conflict (worker) do update set requested = worker_lease.requested + 1`.execute(tx);
    });
  }
}

class PostgresLeaseSession implements LeaseSession {
  readonly #client: pg.Client;
  readonly #onEnd: () => void;
  readonly #transactions: TransactionFactory;
  /** What is said between the statements of a transaction would be a part of it. */
  readonly #mutex = new Mutex();

  constructor(client: pg.Client, onEnd: () => void) {
    this.#client = client;
    this.#onEnd = onEnd;
    // The dialect only compiles here; its pool is never asked for a connection.
    const dialect = new PostgresDialect({ pool: new pg.Pool({ max: 0 }) });
    this.#transactions = new TransactionFactory(dialect, new PostgresConnection(client));
  }

  take(names: readonly string[], holder: string): Promise<readonly string[]> {
    const text = `with got as materialized (
        select name from unnest($1::text[]) as wanted (name) where pg_try_advisory_lock(${lockKey("name")})
      )
      insert into worker_lease (worker, holder, backend, since)
        select name, $2, pg_backend_pid(), (extract(epoch from clock_timestamp()) * 1000000)::bigint from got
      on conflict (worker) do update
        set holder = excluded.holder, backend = excluded.backend, since = excluded.since, status = null
      returning worker`;
    return this.#alone(async () => {
      const { rows } = await this.#client.query<{ worker: string }>(text, [names, holder]);
      return rows.map(({ worker }) => worker);
    });
  }

  release(name: string): Promise<void> {
    return this.#alone(async () => {
      // The row first: once the lock is free, the row may be the next holder's.
      await this.#client.query("update worker_lease set holder = null, backend = null where worker = $1", [name]);
      await this.#client.query(`select pg_advisory_unlock(${lockKey("$1::text")})`, [name]);
    });
  }

  beat(told: readonly ToldLease[]): Promise<readonly RequestedWork[]> {
    const text = `update worker_lease
        set status = told.status, answered = greatest(worker_lease.answered, told.answered)
      from unnest($1::text[], $2::text[], $3::bigint[]) as told (name, status, answered)
      where worker = told.name
      returning worker as name, requested, worker_lease.answered`;
    const columns = [
      told.map(({ name }) => name),
      told.map(({ status }) => status),
      told.map(({ answered }) => answered),
    ];
    return this.#alone(async () => (await this.#client.query<RequestedWork>(text, columns)).rows);
  }

  keepBooks<Result>(work: (tx: Transaction<BookkeepingTables>) => Promise<Result>): Promise<Result> {
    return this.#alone(async () => {
      await this.#client.query("begin isolation level read committed");
      try {
        const { tx, end } = this.#transactions.open<BookkeepingTables>();
        const result = await work(tx).finally(end);
        const { command } = await this.#client.query("commit");
        if (command !== "COMMIT") throw new Error("PostgreSQL took the transaction back instead of committing it");
        return result;
      } catch (error) {
        await this.#client.query("rollback").catch(() => this.#giveUp());
        throw error;
      }
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#onEnd();
    await this.#mutex.close();
    await this.#client.end().catch(() => {});
  }

  /** A session of which nobody knows the state must not go on to hold anything. */
  #giveUp(): void {
    this.#onEnd();
    this.#client.end().catch(() => {});
  }

  async #alone<Result>(work: () => Promise<Result>): Promise<Result> {
    const release = await this.#mutex.acquire();
    try {
      return await work();
    } finally {
      release();
    }
  }
}
