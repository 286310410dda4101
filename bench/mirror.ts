import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { startCluster } from "../test/support/databases/postgres-cluster.ts";
import { makeMaasDatabase, type MaasDatabaseStandIn } from "../test/support/maas/maas-database.ts";
import { formatApiKey } from "../src/tokens/token.ts";
import { bareInserts, newestRows } from "./bulk.ts";
import { firstKey, peakBytes } from "./memory.ts";
import { median, type Measurement } from "./support/case.ts";
import { startBundle } from "./support/started.ts";

/** What the server may need at most while it imports. */
const budgetBytes = 200_000_000;
/** How far behind a mirror may be that follows. */
const lagSecondsMax = 2;
const followedEvents = 5_000;
const followedEventsPerSecond = 500;
const referenceRounds = 5;

/**
 * A MAAS's events from a real PostgreSQL into SQLite: the first import against bare inserts of the same rows into the same table
 * with the same indexes, its memory, and how far behind the newest event is at 500 events a second.
 */
export async function run(events: number): Promise<Readonly<Record<string, Measurement>>> {
  const cluster = await startCluster();
  const folder = mkdtempSync(path.join(os.tmpdir(), "ironlog-bench-"));
  try {
    await using maas = await makeMaasDatabase("3.3", cluster.url);
    await maas.writeMany(events);
    const { ours, peak } = await measureServer(maas, folder, events);
    const file = path.join(folder, "ironlog.db");
    const lag = worstLagSeconds(file, events);
    const reference = bareRate(file);
    const megabytes = (bytes: number): number => bytes / 1_000_000;
    return {
      mirror: { ratio: ours / reference, ours, reference, unit: "events/s" },
      "mirror-memory": {
        ratio: budgetBytes / peak,
        ours: megabytes(peak),
        reference: megabytes(budgetBytes),
        unit: "MB",
      },
      "mirror-lag": { ratio: lagSecondsMax / lag, ours: lag, reference: lagSecondsMax, unit: "s" },
    };
  } finally {
    await cluster.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Lets a server mirror all, then follow: how many events it imports a second, and its peak memory until then. */
async function measureServer(maas: MaasDatabaseStandIn, folder: string, events: number) {
  const server = await startBundle(folder);
  try {
    const key = formatApiKey(firstKey(folder));
    const ask = async (method: string, place: string, body?: object): Promise<Response> =>
      fetch(`http://127.0.0.1:${server.port}/api/v1/${place}`, {
        method,
        headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
    const untilRecorded = async (id: number): Promise<void> => {
      for (;;) {
        const { recorded_to } = (await (await ask("GET", "sources/bench")).json()) as { recorded_to: number };
        if (recorded_to >= id) return;
        await sleep(100);
      }
    };
    const start = performance.now();
    await ask("POST", "sources", { name: "bench", database: maas.mirrorUrl, database_password: maas.password });
    await untilRecorded(events);
    const ours = (events * 1000) / (performance.now() - start);
    const peak = peakBytes(server.pid);
    await follow(maas);
    await untilRecorded(events + followedEvents);
    return { ours, peak };
  } finally {
    await server.stop();
  }
}

/** Events one by one, each a commit of its own, at an even pace. */
async function follow(maas: MaasDatabaseStandIn): Promise<void> {
  const start = performance.now();
  for (let written = 0; written < followedEvents; written += 1) {
    const dueMs = (written * 1000) / followedEventsPerSecond;
    const waitMs = dueMs - (performance.now() - start);
    if (waitMs > 1) await sleep(waitMs);
    await maas.write({ created: new Date().toISOString() });
  }
}

/** From MAAS's time of an event to when it was recorded here, the longest one. */
function worstLagSeconds(file: string, after: number): number {
  using database = new DatabaseSync(file, { readOnly: true });
  const row = database
    .prepare("select max(created - occurred) as lag from event where source = 'maas:bench' and source_event_id > ?")
    .get(after);
  return Number(row?.["lag"]) / 1_000_000;
}

/** The same rows inserted by a bare loop into a copy of what was made. */
function bareRate(file: string): number {
  const copy = `${file}.copy`;
  copyFileSync(file, copy);
  const insertRows = bareInserts(copy, newestRows(file, "maas:bench"));
  insertRows();
  return median(Array.from({ length: referenceRounds }, () => insertRows()));
}
