import { AsyncLocalStorage } from "node:async_hooks";
import { DatabaseSync, type SQLInputValue, StatementSync } from "node:sqlite";
import pg from "pg";
import type { Kind } from "./databases.ts";

// Makes the n-th statement of this process fail, from outside: the program has no seam for it. Import this file before
// a database is opened.

/** How a statement can fail, in pairs: those that say `done` did happen, the others did not. */
const ways = {
  sqlite: [
    "refused",
    "refused from then on",
    "no room, all taken back",
    "no memory, all taken back",
    "no writing, all taken back",
    "disk error",
    "disk error, done",
  ],
  postgres: ["refused", "refused from then on", "no room, all taken back", "connection lost", "connection lost, done"],
} as const satisfies Record<Kind, readonly string[]>;

/** The last two are not for every sweep: after a deadlock the same is tried again, and succeeds. */
export type Way = (typeof ways)[Kind][number] | "connection lost, done, refused from then on" | "deadlock";

export function waysToFail(kind: Kind): readonly Way[] {
  return ways[kind];
}

export interface FailingRun<Result> {
  readonly outcome: PromiseSettledResult<Result>;
  /** The statement that failed; undefined if there were fewer than that. */
  readonly failed: string | undefined;
  /** How many statements more it would have taken. */
  readonly left: number;
}

/** Runs `work` with its n-th statement failing, counted from 1 over whatever `work` sets off, on any connection. */
export async function failingAt<Result>(n: number, way: Way, work: () => Promise<Result>): Promise<FailingRun<Result>> {
  const plan: Plan = { way, left: n, failed: undefined };
  const [outcome] = await Promise.allSettled([plans.run(plan, work)]);
  return { outcome, failed: plan.failed, left: plan.left };
}

interface Plan {
  readonly way: Way;
  /** Statements until it fails. */
  left: number;
  failed: string | undefined;
}

/** Each attempt has its own, also where several run at once. */
const plans = new AsyncLocalStorage<Plan>();

/** How this statement is to fail, if it is. */
function nextFailure(sql: string): Way | undefined {
  const plan = plans.getStore();
  // What a new connection is set up with comes only where one is made.
  if (plan === undefined || /pg_settings|(?:set_config|current_setting)\(name|current_schema\(\)/.test(sql))
    return undefined;
  plan.left -= 1;
  if (plan.left > 0) return undefined;
  if (plan.left < 0) return plan.way.endsWith("refused from then on") ? "refused" : undefined;
  plan.failed = sql;
  return plan.way;
}

const databases = new WeakMap<StatementSync, DatabaseSync>();
const prepare = unbound(DatabaseSync.prototype.prepare);
DatabaseSync.prototype.prepare = function (this: DatabaseSync, ...given) {
  const statement = prepare.apply(this, given);
  databases.set(statement, this);
  return statement;
};

for (const method of ["run", "get", "all"] as const) {
  const original = unbound(StatementSync.prototype[method]) as (...values: SQLInputValue[]) => unknown;
  const replaced = function (this: StatementSync, ...values: SQLInputValue[]): unknown {
    const way = nextFailure(this.sourceSQL);
    if (way === undefined) return original.apply(this, values);
    const database = databases.get(this);
    if (way.endsWith("all taken back") && database?.isTransaction === true) database.exec("rollback");
    if (way.endsWith("done")) original.apply(this, values);
    throw Object.assign(new Error("failed on purpose"), { code: "ERR_SQLITE_ERROR", errcode: resultCodes[way] });
  };
  Object.assign(StatementSync.prototype, { [method]: replaced });
}

/** SQLite's: https://www.sqlite.org/rescode.html. */
const resultCodes: Partial<Record<Way, number>> = {
  refused: 1,
  "refused from then on": 1,
  "no room, all taken back": 13,
  "no memory, all taken back": 7,
  // A quota, or a limit of the file's size.
  "no writing, all taken back": 778,
  "disk error": 10,
  "disk error, done": 10,
  deadlock: 5,
};

/** PostgreSQL's: its manual, appendix A. */
const sqlStates: Partial<Record<Way, string>> = {
  refused: "P0001",
  "refused from then on": "P0001",
  "no room, all taken back": "53100",
  deadlock: "40P01",
};

/** What of node-postgres is needed here; its own types have many overloads, and keep the socket to themselves. */
interface Client {
  readonly connection: { readonly stream: { destroy(): void } };
  once(event: "end", listener: () => void): void;
}

const query = unbound(pg.Client.prototype.query) as (...given: unknown[]) => Promise<unknown>;
const failingQuery = async function (this: Client, way: Way, given: readonly unknown[]): Promise<unknown> {
  const sqlState = sqlStates[way];
  if (sqlState !== undefined) return query.call(this, raise(sqlState));
  if (way !== "connection lost") await query.apply(this, [...given]);
  const ended = new Promise<void>((resolve) => this.once("end", resolve));
  this.connection.stream.destroy();
  await ended;
  throw new Error("Connection terminated unexpectedly");
};
const replacedQuery = function (this: Client, ...given: unknown[]): Promise<unknown> {
  const [config] = given as [string | { readonly text: string }];
  const way = nextFailure(typeof config === "string" ? config : config.text);
  return way === undefined ? query.apply(this, given) : failingQuery.call(this, way, given);
};
Object.assign(pg.Client.prototype, { query: replacedQuery });

/** The server itself has to fail, or it would not know that its transaction has. */
function raise(sqlState: string): string {
  return `do $$ begin raise exception using errcode = '${sqlState}', message = 'failed on purpose'; end $$`;
}

/** Takes a method from a prototype on purpose. */
function unbound<Method>(method: Method): Method {
  return method;
}
