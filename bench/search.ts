import { createWriteStream } from "node:fs";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { reportRequest } from "./bulk.ts";
import { Asker } from "./support/asking.ts";
import { inTurn, type Measurement } from "./support/case.ts";
import { type FilledLog, filledLog } from "./support/filled-log.ts";
import { indexerOf, untilIndexed } from "./support/indexer.ts";
import { type LineScan, lineScan } from "./support/line-scan.ts";
import { load } from "./support/load.ts";
import { type Started, startServer } from "./support/started.ts";

const rounds = 5;
const searchesPerRound = 100;
const pageLength = 100;

const recordRounds = 9;
const recordRoundMs = 4_000;
/** As the case `bulk` has it. */
const connections = 2;
const stored = 10_000;

const hosts = 10_000;
const acts = [
  "erased",
  "rescued",
  "deployed",
  "released",
  "acquired",
  "locked",
  "unlocked",
  "tested",
  "powered on",
  "powered off",
];

interface Search {
  readonly query: string;
  /** What the exported line of an event has that is found. */
  readonly texts: readonly string[];
}

/** What `describe` says of events, and how it is looked for. */
const searches: Readonly<Record<string, Search>> = {
  "search-rare": { query: "text=quarantined", texts: ["quarantined"] },
  "search-common": { query: "text=erased", texts: ["erased"] },
  "search-two": { query: "text=erased+rescued", texts: ["erased", "rescued"] },
  "search-part": { query: "text=unit4711", texts: ["unit4711"] },
  "search-absent": { query: "text=decommissioned", texts: ["decommissioned"] },
  "search-user": { query: "text=erased&owner=user8", texts: ["erased", '"username":"user8"'] },
};

/**
 * The newest hundred events that have some words, or as many as there are, asked for over HTTP, against a program that looks for them
 * in the exported log. A search that needs several requests counts as one.
 */
export async function run(events: number): Promise<Readonly<Record<string, Measurement>>> {
  using log = await filledLog(events, (index, username) => describeAct(events, index, username));
  const server = await startServer(log.folder);
  try {
    using asker = new Asker(server, log.credentials);
    await untilIndexed(asker);
    const file = path.join(log.folder, "events.jsonl");
    await pipeline(await asker.open("/api/v1/events/export?format=jsonl"), createWriteStream(file));
    await untilIndexed(asker);
    const scan = lineScan(file);
    process.stderr.write(`searches are measured against ${scan.name}\n`);
    const measured: Record<string, Measurement> = {};
    for (const [name, search] of Object.entries(searches)) measured[name] = await measure(name, search, asker, scan);
    return measured;
  } finally {
    await server.stop();
  }
}

/** A tenth of the events says each of these things, in turns and by each user; five events say another; each names one of many hosts. */
export function describeAct(events: number, index: number, username: string): string {
  const host = `rack${index % 40}-unit${index % hosts}.example.com`;
  const isRare = index % Math.ceil(events / 5) === 1;
  const act = isRare ? "quarantined" : acts[(index + Math.floor(index / 1_000)) % acts.length];
  return `User '${username}' ${act} '${host}'.`;
}

async function measure(name: string, { query, texts }: Search, asker: Asker, scan: LineScan): Promise<Measurement> {
  const there = await scan.count(texts);
  const durations: number[] = [];
  const ours = async (): Promise<number> => {
    const start = performance.now();
    for (let count = 0; count < searchesPerRound; count += 1) {
      const found = await search(asker, query, durations);
      if (found !== Math.min(there, pageLength)) throw new Error(`${name} found ${found} events of ${there}`);
    }
    return (searchesPerRound * 1_000) / (performance.now() - start);
  };
  const reference = async (): Promise<number> => {
    const start = performance.now();
    await scan.count(texts);
    return 1_000 / (performance.now() - start);
  };
  await ours();
  durations.length = 0;
  const measurement = await inTurn(rounds, "searches/s", ours, reference);
  const requests = durations.length / (rounds * searchesPerRound);
  durations.sort((one, another) => one - another);
  const p99 = durations[Math.floor(durations.length * 0.99)] ?? Infinity;
  process.stderr.write(`${name}: in ${there} events; requests of a search: ${requests}, p99 ${p99.toFixed(1)} ms\n`);
  return measurement;
}

/** Follows a search until it has found a page of events or is at its end. Gives how many it has found; notes how long each request took. */
async function search(asker: Asker, query: string, durations: number[]): Promise<number> {
  let found = 0;
  let next: string | null = `/api/v1/events?limit=${pageLength}&${query}`;
  while (next !== null && found < pageLength) {
    const start = performance.now();
    const page = (await asker.json(next)) as { readonly items: readonly unknown[]; readonly older: string | null };
    durations.push(performance.now() - start);
    found += page.items.length;
    next = page.older;
  }
  // Pages that were cut short may give more together.
  return Math.min(found, pageLength);
}

/**
 * Events recorded over HTTP, a thousand a request, by a server that keeps its search index, against one whose process for that is
 * stopped.
 */
export async function runRecord(): Promise<Readonly<Record<string, Measurement>>> {
  using log = await filledLog(stored);
  using bareLog = await filledLog(stored);
  await using stopping = new AsyncDisposableStack();
  const [ours, bare] = [await startServer(log.folder), await startServer(bareLog.folder)];
  stopping.defer(() => ours.stop());
  stopping.defer(() => bare.stop());
  using asker = new Asker(ours, log.credentials);
  using bareAsker = new Asker(bare, bareLog.credentials);
  await untilIndexed(bareAsker);
  const indexer = indexerOf(bare);
  process.kill(indexer, "SIGSTOP");
  stopping.defer(() => void process.kill(indexer, "SIGCONT"));
  const rate = async ({ port }: Started, { credentials }: FilledLog): Promise<number> => {
    const request = reportRequest(credentials);
    return (await load(port, () => request, recordRoundMs, connections)).requestsPerSecond;
  };
  const withIndex = async (): Promise<number> => {
    const measured = await rate(ours, log);
    // What it has still to do would slow the other one down.
    await untilIndexed(asker);
    return measured;
  };
  const without = (): Promise<number> => rate(bare, bareLog);
  await withIndex();
  await without();
  return { "search-record": await inTurn(recordRounds, "requests/s", withIndex, without) };
}
