import path from "node:path";
import { powerFailure } from "../test/support/reports.ts";
import { formatApiKey } from "../src/tokens/token.ts";
import { inTurn, type Measurement } from "./support/case.ts";
import { filledLog } from "./support/filled-log.ts";
import { load } from "./support/load.ts";
import { startProgram, startServer } from "./support/started.ts";

const roundMs = 2_000;
const rounds = 5;
const stored = 10_000;

/**
 * Audited actions a second over HTTP, by so many callers at a time, against a bare Fastify that inserts the same row and commits what has
 * arrived.
 */
export async function run(): Promise<Readonly<Record<string, Measurement>>> {
  using log = await filledLog(stored);
  using bareLog = await filledLog(stored);
  await using stopping = new AsyncDisposableStack();
  const server = await startServer(log.folder);
  stopping.defer(() => server.stop());
  const reference = await startProgram([
    path.join(import.meta.dirname, "support", "http-actions-reference.ts"),
    bareLog.file,
  ]);
  stopping.defer(() => reference.stop());
  const ask = reporting("/api/v1/events", formatApiKey(log.credentials));
  const askBare = reporting("/events", "");
  const rate = async (port: number, request: () => string, connections: number): Promise<number> =>
    (await load(port, request, roundMs, connections)).requestsPerSecond;
  const measured: Record<string, Measurement> = {};
  for (const connections of [1, 16, 64]) {
    const ours = (): Promise<number> => rate(server.port, ask, connections);
    const bare = (): Promise<number> => rate(reference.port, askBare, connections);
    await ours();
    await bare();
    measured[`http-actions-${connections}`] = await inTurn(rounds, "actions/s", ours, bare);
  }
  return measured;
}

/** Requests that report one event each. */
function reporting(place: string, key: string): () => string {
  let count = 0;
  return () => {
    count += 1;
    const body = JSON.stringify({ ...powerFailure, description: `Failed to query node's power (${count}).` });
    return `POST ${place} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${key}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
  };
}
