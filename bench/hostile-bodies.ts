import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { Worker } from "node:worker_threads";
import type { Measurement } from "./support/case.ts";
import { timedRequests } from "./support/load.ts";
import { startBundle } from "./support/started.ts";

/** The longest that anybody else may wait meanwhile. */
const budgetMs = 250;
/** One wave is short: several give enough answers for a 99th percentile. */
const waves = 5;

/** 250 ms over the 99th percentile of `/healthz` while anonymous requests with hostile bodies come, 200 at once. */
export async function run(): Promise<Readonly<Record<string, Measurement>>> {
  const folder = mkdtempSync(path.join(os.tmpdir(), "ironlog-bench-"));
  const server = await startBundle(folder);
  try {
    const durations: number[] = [];
    for (let wave = 0; wave < waves; wave += 1) durations.push(...(await durationsMeanwhile(server.port)));
    const sorted = durations.toSorted((a, b) => a - b);
    const p99 = sorted[Math.ceil(sorted.length * 0.99) - 1] ?? Number.NaN;
    return { "hostile-bodies": { ratio: budgetMs / p99, ours: p99, reference: budgetMs, unit: "ms" } };
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** How long each request to `/healthz` took, in milliseconds, until the hostile ones were all answered. */
async function durationsMeanwhile(port: number): Promise<readonly number[]> {
  // In a thread of its own: writing hundreds of megabytes would keep the clock from being read.
  const hostile = new Worker(new URL("./support/hostile-requests.ts", import.meta.url), { workerData: port });
  let hasEnded = false;
  const ended = once(hostile, "exit");
  hostile.once("exit", () => {
    hasEnded = true;
  });
  await once(hostile, "message");
  const request = "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
  const durations = await timedRequests(port, request, () => !hasEnded);
  const [code] = await ended;
  if (code !== 0) throw new Error("the hostile requests could not be sent");
  return durations;
}
