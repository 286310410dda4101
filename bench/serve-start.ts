import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { buildIfStale, bundleFile } from "../tools/build.ts";
import { inTurn, type Measurement } from "./support/case.ts";

/** Enough for a steady median; each start makes a log, its keys and the first administrator. */
const runs = 7;

/** Beside Node's own start, what the server may take until it says that it's ready. */
const allowanceMs = 1_000;
const nodeStarts = 1.5;

/** 1.5 starts of Node and a second, over the first start of a server until it's ready. */
export async function run(): Promise<Readonly<Record<string, Measurement>>> {
  await buildIfStale();
  const { ours, reference: nodeMs } = await inTurn(runs, "ms", startServer, startNode);
  const reference = nodeStarts * nodeMs + allowanceMs;
  return { "serve-start": { ratio: reference / ours, ours, reference, unit: "ms" } };
}

async function startNode(): Promise<number> {
  const startMs = performance.now();
  await once(spawn(process.execPath, ["-e", "0"], { stdio: "ignore" }), "close");
  return performance.now() - startMs;
}

async function startServer(): Promise<number> {
  const folder = mkdtempSync(path.join(os.tmpdir(), "ironlog-bench-"));
  try {
    const startMs = performance.now();
    const child = spawn(process.execPath, [bundleFile, "serve", "--port", "0", "--data", folder], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    const ended = once(child, "close");
    let readyMs = Number.NaN;
    for await (const line of createInterface({ input: child.stdout })) {
      if (!line.startsWith("Ironlog is ready")) continue;
      readyMs = performance.now();
      child.kill("SIGTERM");
    }
    await ended;
    return readyMs - startMs;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
