import type { DatabaseSync, SQLInputValue, SQLOutputValue, StatementSync } from "node:sqlite";

/** What a thread is asked: a query and its parameters. */
export interface ThreadQuery {
  readonly id: number;
  readonly sql: string;
  readonly parameters: readonly SQLInputValue[];
}

/** Rows as arrays: a third of what objects cost to pass on. */
export type ThreadAnswer = { readonly id: number } & (
  | { readonly columns: readonly string[]; readonly rows: readonly (readonly SQLOutputValue[])[] }
  | { readonly failure: { readonly message: string; readonly code?: unknown; readonly errcode?: unknown } }
);

export interface ThreadData {
  readonly file: string;
  readonly cacheKiB: number;
  readonly preparedMax: number;
}

/** The text of the program of a thread: so it needs no file, in whatever the server is packed. */
export function threadProgram(): string {
  return `(${readForOthers.toString()})()`;
}

/** Answers queries over a connection of its own that can't write. It runs as its text, and can use nothing but what is in it. */
function readForOthers(): void {
  const sqlite = process.getBuiltinModule("node:sqlite");
  const { parentPort, workerData } = process.getBuiltinModule("node:worker_threads");
  const { file, cacheKiB, preparedMax } = workerData as ThreadData;
  const open = () => {
    const database = new sqlite.DatabaseSync(file, { readOnly: true, timeout: 1_000 });
    database.exec(`pragma cache_size = -${cacheKiB}; pragma trusted_schema = off`);
    return database;
  };
  // By the first query, which can say why it can't be.
  let opened: DatabaseSync | undefined;
  const prepared = new Map<string, StatementSync>();
  const prepare = (sql: string): StatementSync => {
    const known = prepared.get(sql);
    if (known !== undefined) return known;
    if (prepared.size >= preparedMax) prepared.clear();
    opened ??= open();
    const statement = opened.prepare(sql);
    statement.setReturnArrays(true);
    prepared.set(sql, statement);
    return statement;
  };
  parentPort?.on("message", ({ id, sql, parameters }: ThreadQuery) => {
    try {
      const statement = prepare(sql);
      const columns = statement.columns().map(({ name }) => name);
      const rows = statement.all(...parameters) as unknown as readonly (readonly SQLOutputValue[])[];
      parentPort.postMessage({ id, columns, rows } satisfies ThreadAnswer, []);
    } catch (error) {
      const { message, code, errcode } = error as Error & { readonly code?: unknown; readonly errcode?: unknown };
      parentPort.postMessage({ id, failure: { message, code, errcode } } satisfies ThreadAnswer, []);
    }
  });
}
