import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { ApiKeyParts } from "../src/tokens/token.ts";
import { reportRequest } from "./bulk.ts";
import { signedRequests } from "./events-page.ts";
import { longReads, readMuch } from "./reads.ts";
import { Asker } from "./support/asking.ts";
import type { Measurement } from "./support/case.ts";
import { filledLog } from "./support/filled-log.ts";
import { untilIndexed } from "./support/indexer.ts";
import { load, loadTimes } from "./support/load.ts";
import { startBundle } from "./support/started.ts";

/** What a server and all that it has started may need at most. */
const budgetBytes = 350_000_000;
const reportRequests = 20;
const busyMs = 30_000;
const lookMs = 250;

/** Words of the filled log, one of them in every event. */
const searches = ["events?text=logged&limit=100", "events?text=user8&limit=100", "events?text=absent"];

/**
 * 350 MB over the most that a server with one reader and its processes hold at a time, each page counted once: while the index is built,
 * and while it records, answers pages, exports, counts and searches all at once.
 */
export async function run(events: number): Promise<Readonly<Record<string, Measurement>>> {
  using log = await filledLog(events);
  const server = await startBundle(log.folder, ["--readers", "1"]);
  try {
    using watch = watchMemory(server.pid);
    using asker = new Asker(server, log.credentials);
    await untilIndexed(asker);
    {
      using _ = readMuch(server, log, [...longReads, ...searches]);
      await loadTimes(server.port, () => reportRequest(log.credentials), reportRequests);
      await load(server.port, signedRequests(log.credentials), busyMs, 4);
    }
    const peak = watch.peak();
    const inMegabytes = (bytes: number): number => bytes / 1_000_000;
    return {
      memory: { ratio: budgetBytes / peak, ours: inMegabytes(peak), reference: inMegabytes(budgetBytes), unit: "MB" },
    };
  } finally {
    await server.stop();
  }
}

/** Looks again and again at what a process and its children hold. */
function watchMemory(pid: number): Disposable & { readonly peak: () => number } {
  let peak = 0;
  const stop = new AbortController();
  const look = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      peak = Math.max(peak, shareOf(pid));
      await sleep(lookMs);
    }
  };
  void look();
  return { peak: () => peak, [Symbol.dispose]: () => stop.abort() };
}

/** The proportional set size of a process and all below it, in bytes: `Pss` of Linux. */
function shareOf(pid: number): number {
  const parents = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((name) => [Number(name), numberIn(`/proc/${name}/status`, /^PPid:\s+(\d+)/m)] as const);
  const below = (one: number): number =>
    numberIn(`/proc/${one}/smaps_rollup`, /^Pss:\s+(\d+)/m) * 1024 +
    parents.filter(([, parent]) => parent === one).reduce((sum, [child]) => sum + below(child), 0);
  return below(pid);
}

/** 0 of a process that has ended meanwhile. */
function numberIn(file: string, pattern: RegExp): number {
  try {
    return Number(pattern.exec(readFileSync(file, "utf8"))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

/** The administrator's key that the first start has left. */
export function firstKey(folder: string): ApiKeyParts {
  const text = readFileSync(path.join(folder, "first-login"), "utf8");
  const [, consumerKey = "", tokenKey = "", secret = ""] = /\b(\w{18}):(\w{18}):(\w{32})\b/.exec(text) ?? [];
  return { consumerKey, tokenKey, secret };
}

/** The most that the process has ever held: `VmHWM` of Linux. */
export function peakBytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) * 1024;
}
