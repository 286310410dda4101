import { type CompiledQuery, type DatabaseConnection, PostgresDialect, type QueryResult } from "kysely";
import pg from "pg";
import { TransactionFactory } from "../writing/action-transaction.ts";
import type { RowChange } from "../writing/row-changes.ts";
import { PostgresClient } from "./postgres-client.ts";
import type { SeekingConfig } from "./postgres-seeking.ts";
import { prepareConnection } from "./postgres-session.ts";
import { changeOf, notePrefix } from "./postgres-writing.ts";

/** More than all actions have; lists of different lengths would fill the server's memory. */
const preparedStatementsMax = 200;

/** Runs Kysely's queries on the writer's connection. */
export class PostgresConnection implements DatabaseConnection {
  readonly #client: pg.Client;
  /** Statements that PostgreSQL has planned already, by their text. */
  readonly #prepared = new Map<string, string>();

  constructor(client: pg.Client) {
    this.#client = client;
  }

  async executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    const name = this.#nameOf(query.sql);
    const result = await this.#client.query({
      text: query.sql,
      values: [...query.parameters],
      ...(name !== undefined && { name }),
    });
    // The rows are of the type that Kysely derived from the query.
    return { rows: result.rows as Row[], numAffectedRows: BigInt(result.rowCount ?? 0) };
  }

  /** Undefined where there are so many already that these can't be what the program does again and again. */
  #nameOf(text: string): string | undefined {
    const known = this.#prepared.get(text);
    if (known !== undefined || this.#prepared.size >= preparedStatementsMax) return known;
    const name = `action-${this.#prepared.size}`;
    this.#prepared.set(text, name);
    return name;
  }

  // oxlint-disable-next-line require-yield -- the interface wants a generator, the program must not have one
  async *streamQuery<Row>(): AsyncIterableIterator<QueryResult<Row>> {
    throw new Error("Streaming inside an action is not offered.");
  }
}

/** The connection that acts. */
export interface ActingSession {
  readonly client: pg.Client;
  readonly transactions: TransactionFactory;
  /** What the triggers have noted since an action was opened. */
  readonly notes: RowChange[];
}

/** Opens one. `onEnd` is told when it breaks. */
export async function openSession(options: SeekingConfig, onEnd: () => void): Promise<ActingSession> {
  const client = new PostgresClient(pipelined(options));
  const connection = new PostgresConnection(client);
  // The dialect only compiles here; its pool is never asked for a connection.
  const transactions = new TransactionFactory(new PostgresDialect({ pool: new pg.Pool({ max: 0 }) }), connection);
  const notes: RowChange[] = [];
  client.on("notice", ({ message = "" }) => {
    if (message.startsWith(notePrefix)) notes.push(changeOf(message.slice(notePrefix.length)));
  });
  client.on("error", onEnd);
  await client.connect();
  try {
    await prepareConnection(client, "acting");
  } catch (error) {
    client.end().catch(() => {});
    throw error;
  }
  return { client, transactions, notes };
}

/** Statements that don't wait for each other's answers go out in one journey; node-postgres's types don't know it yet. */
function pipelined(options: SeekingConfig): SeekingConfig {
  const pipeline = { pipeline: true };
  return { ...options, ...pipeline };
}
