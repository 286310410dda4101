import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
import pg from "pg";

// Which statements a server in this process carries out, and which of their steps read a table that grows from one end to the other.

/** What has a row for each event, login, key or report. */
const growing = "event row_mac session token deleted_token report tree_node leaf_tile checkpoint dead_letter".split(
  " ",
);

/** A statement with the last of its parameters. */
export type Statement = readonly [text: string, parameters: readonly unknown[]];

/** All statements that SQLite or PostgreSQL carries out while `work` runs; threads are not among it. */
export async function statementsOf(work: () => Promise<void>): Promise<readonly Statement[]> {
  const statements = new Map<string, readonly unknown[]>();
  const restore = [noteSqlite(statements), notePostgres(statements)];
  try {
    await work();
  } finally {
    for (const undo of restore) undo();
  }
  return [...statements].filter(([text]) => /^\s*(select|with|insert|update|delete)/i.test(text));
}

function noteSqlite(statements: Map<string, readonly unknown[]>): () => void {
  const prototype = Object.getPrototypeOf(new DatabaseSync(":memory:").prepare("select 1")) as StatementSync;
  const { all, get, run } = prototype;
  const noted = (method: (...parameters: SQLInputValue[]) => unknown) =>
    function (this: StatementSync, ...parameters: SQLInputValue[]) {
      statements.set(this.sourceSQL, parameters);
      return method.apply(this, parameters);
    };
  Object.assign(prototype, { all: noted(all), get: noted(get), run: noted(run) });
  return () => void Object.assign(prototype, { all, get, run });
}

function notePostgres(statements: Map<string, readonly unknown[]>): () => void {
  // node-postgres's types keep it to themselves: what every query goes through once it is sent.
  const prototype = (pg as unknown as { readonly Query: { readonly prototype: SentQuery } }).Query.prototype;
  const { submit } = prototype;
  prototype.submit = function (this: SentQuery, connection: unknown) {
    if (this.text !== undefined) statements.set(this.text, this.values ?? []);
    return submit.call(this, connection);
  };
  return () => void (prototype.submit = submit);
}

interface SentQuery {
  readonly text?: string;
  readonly values?: readonly unknown[];
  submit(connection: unknown): unknown;
}

/** Steps of SQLite's plans that read a growing table whole. */
export function scansOfSqlite(file: string, statements: readonly Statement[]): readonly string[] {
  using database = new DatabaseSync(file, { readOnly: true });
  return statements.flatMap(([text, parameters]) => {
    const steps = database.prepare(`explain query plan ${text}`).all(...(parameters as SQLInputValue[]));
    return steps
      .map(({ detail }) => String(detail))
      .filter((detail) => {
        const [, table = "", index] = /^SCAN "?(\w+)"?( USING .+)?$/.exec(detail) ?? [];
        return growing.includes(table) && !isSoonFound(text, index !== undefined);
      })
      .map((detail) => `${detail}: ${text.slice(-300)}`);
  });
}

/** The first ones in an order that there is, whatever they are, are soon found. */
function isSoonFound(text: string, isByIndex: boolean, isLimited = /\blimit\b/i.test(text)): boolean {
  // Those with ids that another query has found are sought.
  const hasCondition = /\bwhere\b(?! 1 = 1)/i.test(text.replaceAll(/\bwhere "id" in\b/gi, ""));
  return isLimited && (isByIndex || !hasCondition);
}

interface PlanNode {
  readonly "Node Type": string;
  readonly "Relation Name"?: string;
  readonly "Index Cond"?: string;
  readonly "Recheck Cond"?: string;
  readonly Plans?: readonly PlanNode[];
}

/**
 * Steps of PostgreSQL's plans that read a growing table whole. It reads small tables so because they are small: it is told not to where
 * there is any other way. Which of two indexes it takes for the first ones in an order is left to what it knows of their values.
 */
export async function scansOfPostgres(url: string, statements: readonly Statement[]): Promise<readonly string[]> {
  const client = new pg.Client(url);
  await client.connect();
  const scans: string[] = [];
  try {
    await client.query("set enable_seqscan = off");
    for (const [text, values] of statements.filter(([text]) => !text.includes(";"))) {
      const { rows } = await client.query({ text: `explain (format json) ${text}`, values: [...values] });
      const [{ Plan: plan }] = (rows[0] as { readonly "QUERY PLAN": readonly [{ readonly Plan: PlanNode }] })[
        "QUERY PLAN"
      ];
      for (const { node, isLimited } of nodesOf(plan)) {
        const { "Node Type": type, "Relation Name": table = "" } = node;
        const isByIndex = /Index/.test(type);
        const isSought = node["Index Cond"] !== undefined || node["Recheck Cond"] !== undefined;
        if (!growing.includes(table) || !type.endsWith("Scan") || isSought || isSoonFound(text, isByIndex, isLimited))
          continue;
        scans.push(`${type} on ${table}: ${text.slice(-300)}`);
      }
    }
  } finally {
    await client.end();
  }
  return scans;
}

/** Every step, and whether one above it wants only the first of what it finds, as the greatest id is found. */
function nodesOf(
  node: PlanNode,
  isLimited = false,
): readonly { readonly node: PlanNode; readonly isLimited: boolean }[] {
  const isBelow = isLimited || node["Node Type"] === "Limit";
  return [{ node, isLimited }, ...(node.Plans ?? []).flatMap((below) => nodesOf(below, isBelow))];
}
