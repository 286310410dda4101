import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import { eventColumns } from "../src/database/event-columns.ts";
import { formatApiKey, type ApiKeyParts } from "../src/tokens/token.ts";
import { inTurn, type Measurement } from "./support/case.ts";
import { filledLog } from "./support/filled-log.ts";
import { load } from "./support/load.ts";
import { startServer } from "./support/started.ts";

const roundMs = 2_000;
const rounds = 7;
const eventsPerRequest = 1000;
const stored = 10_000;
/** One request is checked while another is committed. */
const connections = 2;

/**
 * Events recorded over HTTP, a thousand a request, against a bare loop that inserts the same rows into the same table with
 * the same indexes, a durable commit for each thousand, and nothing else: no HTTP, no checks, no hashes, no triggers.
 */
export async function run(): Promise<Readonly<Record<string, Measurement>>> {
  using log = await filledLog(stored);
  using bareLog = await filledLog(stored);
  const server = await startServer(log.folder);
  try {
    const request = reportRequest(log.credentials);
    const ours = async (): Promise<number> =>
      (await load(server.port, () => request, roundMs, connections)).requestsPerSecond * eventsPerRequest;
    await ours();
    const insertRows = bareInserts(bareLog.file, newestRows(log.file, "external"));
    insertRows();
    return { bulk: await inTurn(rounds, "events/s", ours, async () => insertRows()) };
  } finally {
    await server.stop();
  }
}

/** A request that reports a thousand events. */
export function reportRequest(credentials: ApiKeyParts): string {
  const events = Array.from({ length: eventsPerRequest }, (_, index) => ({
    level: "INFO",
    type: "NODE_STATUS_EVENT",
    action: "node.status",
    description: `Node changed status - From 'Deploying' to 'Deployed' (${index}).`,
    node: `n${index}`,
    hostname: `host-${index}`,
    occurred: "2026-01-02T03:04:05.678901Z",
    details: { from: "Deploying", to: "Deployed", attempt: index },
  }));
  const body = JSON.stringify(events);
  const length = Buffer.byteLength(body);
  return `POST /api/v1/events HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${formatApiKey(credentials)}\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n\r\n${body}`;
}

type Row = readonly SQLInputValue[];

/** What the server has just stored of that source. */
export function newestRows(file: string, source: string): readonly Row[] {
  using database = new DatabaseSync(file, { readOnly: true });
  const select = database.prepare(
    `select ${eventColumns.join(", ")} from event where source = ? order by id desc limit ${eventsPerRequest}`,
  );
  select.setReturnArrays(true);
  return select.all(source) as unknown as readonly Row[];
}

/** Gives a function that inserts rows for a while and says how many a second. */
export function bareInserts(file: string, rows: readonly Row[]): () => number {
  const database = new DatabaseSync(file);
  const triggers = database.prepare("select name from sqlite_schema where type = 'trigger'").all();
  for (const { name } of triggers) database.exec(`drop trigger ${String(name)}`);
  database.exec("pragma journal_mode = wal; pragma synchronous = full");
  const insert = database.prepare(
    `insert into event (${eventColumns.join(", ")}) values (${eventColumns.map(() => "?").join(", ")})`,
  );
  let id = 10_000_000;
  const sourceEventId = eventColumns.indexOf("source_event_id");
  return () => {
    const start = performance.now();
    let inserted = 0;
    while (performance.now() - start < roundMs) {
      database.exec("begin immediate");
      for (const row of rows) {
        id += 1;
        // A mirrored event's number is unique.
        insert.run(...row.map((value, at) => (at === 0 || (at === sourceEventId && value !== null) ? id : value)));
      }
      database.exec("commit");
      inserted += rows.length;
    }
    return (inserted * 1000) / (performance.now() - start);
  };
}
