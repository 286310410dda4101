import { Worker } from "node:worker_threads";
import { formatApiKey } from "../src/tokens/token.ts";
import { inTurn, type Measurement } from "./support/case.ts";
import { type FilledLog, filledLog } from "./support/filled-log.ts";
import { timedRequests } from "./support/load.ts";
import type { MuchRead } from "./support/reading-much.ts";
import { type Started, startServer } from "./support/started.ts";

const rounds = 5;
const roundMs = 3_000;
const asked = 5;
const smallLog = 10_000;

/** What reads much, ten at a time: no more exports at once than a user may have. */
export const longReads: readonly string[] = [
  "events/export?format=jsonl",
  "events/export?format=csv&outcome=success",
  "events/histogram",
  ...Array.from({ length: 3 }, () => "events/histogram?type=AUTHORISATION"),
  ...Array.from({ length: 2 }, () => "events/top?by=user"),
  ...Array.from({ length: 2 }, () => "events/top?by=ip&exclude=owner:nobody"),
];

/** What takes long to read, out of a large log: beside a page of events, and against a log of 10,000. */
export async function run(events: number): Promise<Readonly<Record<string, Measurement>>> {
  using large = await filledLog(events);
  using small = await filledLog(smallLog);
  await using stopping = new AsyncDisposableStack();
  const [ours, other] = [await startServer(large.folder), await startServer(small.folder)];
  stopping.defer(() => ours.stop());
  stopping.defer(() => other.stop());
  const measured: Record<string, Measurement> = {};
  const cases = {
    "export-first-byte": "events/export?format=jsonl&outcome=success",
    "histogram-whole": "events/histogram",
    "histogram-filtered": "events/histogram?outcome=success",
  };
  for (const [name, place] of Object.entries(cases)) {
    const rate = (log: FilledLog, server: Started) => async (): Promise<number> => {
      let spent = 0;
      for (let count = 0; count < asked; count += 1) spent += await firstByteMs(server, log, place);
      return (asked * 1_000) / spent;
    };
    await rate(large, ours)();
    await rate(small, other)();
    measured[name] = await inTurn(rounds, "requests/s", rate(large, ours), rate(small, other));
  }
  measured["reads-under-load"] = await inTurn(
    rounds,
    "pages/s at p99",
    async () => {
      using _ = readMuch(ours, large);
      return 1_000 / (await slowestOf(ours, large));
    },
    async () => 1_000 / (await slowestOf(ours, large)),
  );
  return measured;
}

/** Of pages that are asked for one after the other, how long all but one in a hundred take at most, in milliseconds. */
async function slowestOf(server: Started, { credentials }: FilledLog): Promise<number> {
  const request = `GET /api/v1/events?limit=100 HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${formatApiKey(credentials)}\r\n\r\n`;
  const end = performance.now() + roundMs;
  const durations = await timedRequests(server.port, request, () => performance.now() < end);
  return durations.toSorted((one, another) => one - another)[Math.floor(durations.length * 0.99)] ?? Infinity;
}

async function firstByteMs(server: Started, log: FilledLog, place: string): Promise<number> {
  const start = performance.now();
  const stop = new AbortController();
  const answer = await ask(server, log, place, stop.signal);
  await answer.body?.getReader().read();
  stop.abort();
  return performance.now() - start;
}

/** Asks again and again, until it is disposed: in a thread, or what is measured beside it would wait for the one who asks. */
export function readMuch(
  { port }: Started,
  { credentials }: FilledLog,
  places: readonly string[] = longReads,
): Disposable {
  const workerData: MuchRead = { port, key: formatApiKey(credentials), places };
  const worker = new Worker(new URL("support/reading-much.ts", import.meta.url), { workerData });
  return { [Symbol.dispose]: () => void worker.terminate() };
}

async function ask(server: Started, { credentials }: FilledLog, place: string, signal: AbortSignal): Promise<Response> {
  const headers = { authorization: `Bearer ${formatApiKey(credentials)}` };
  const answer = await fetch(`http://127.0.0.1:${server.port}/api/v1/${place}`, { headers, signal });
  if (!answer.ok) throw new Error(`${place}: ${answer.status} ${await answer.text()}`);
  return answer;
}
