import type { CompiledQuery, DatabaseConnection, QueryResult } from "kysely";
import type pg from "pg";

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
