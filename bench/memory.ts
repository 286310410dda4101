import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import type { ApiKeyParts } from "../src/tokens/token.ts";
import { reportRequest } from "./bulk.ts";
import { signedRequests } from "./events-page.ts";
import type { Measurement } from "./support/case.ts";
import { loadTimes } from "./support/load.ts";
import { startBundle } from "./support/started.ts";

/** What the server may need at most. */
const budgetBytes = 250_000_000;
const eventsPerRequest = 1_000;
const queries = 2_000;

/** 250 MB over the server's peak resident size, after it has recorded and answered for so many events. */
export async function run(events: number): Promise<Readonly<Record<string, Measurement>>> {
  const folder = mkdtempSync(path.join(os.tmpdir(), "ironlog-bench-"));
  const server = await startBundle(folder);
  try {
    const credentials = firstKey(folder);
    const report = reportRequest(credentials);
    await loadTimes(server.port, () => report, Math.ceil(events / eventsPerRequest));
    await loadTimes(server.port, signedRequests(credentials), queries);
    const peak = peakBytes(server.pid);
    const inMegabytes = (bytes: number): number => bytes / 1_000_000;
    return {
      memory: { ratio: budgetBytes / peak, ours: inMegabytes(peak), reference: inMegabytes(budgetBytes), unit: "MB" },
    };
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
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
