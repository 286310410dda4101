import { hash } from "node:crypto";
import { sqliteAt } from "../test/support/databases/locations.ts";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { parsePassword, PasswordHasher } from "../src/accounts/passwords/password.ts";
import { createFirstAdministrator } from "../src/accounts/users/user-actions.ts";
import { machineActor } from "../src/audit/actor.ts";
import { perform } from "../src/audit/perform.ts";
import { openDatabase } from "../src/database/opening.ts";
import { eventColumns } from "../src/database/event-columns.ts";
import { openForReading, type ReadingDatabase } from "../src/database/reading.ts";
import { recordReport } from "../src/events/reporting/report-actions.ts";
import { parseReport } from "../src/events/reporting/report.ts";
import { parseReportedEvent } from "../src/events/reporting/reported-event.ts";
import { verifyLog } from "../src/transparency/verification/verification.ts";
import { drawToken } from "../src/tokens/token.ts";
import { groupJson, leafBytes } from "../src/verifiable-log/leaf.ts";
import type { EventTable } from "../src/database/tables.ts";
import { inTurn, type Measurement } from "./support/case.ts";

const passwords = new PasswordHasher();

const events = 100_000;
const batch = 1_000;
const chunk = 2_000;
const rounds = 5;
/** Salt and prefix, which are hashed with a group and a leaf; an inner node of the tree. */
const saltBytes = 16;
const nodeBytes = 65;

/** Verifying a log against reading the same rows the same way and hashing as many bytes as often, with nothing to find. */
export async function run(): Promise<Readonly<Record<string, Measurement>>> {
  const folder = mkdtempSync(path.join(os.tmpdir(), "ironlog-bench-"));
  const location = sqliteAt(path.join(folder, "ironlog.db"));
  try {
    await record(location.file);
    await using reading = await openForReading(location);
    const lengths = await hashedLengths(reading);
    const rate = async (pass: () => Promise<void>): Promise<number> => {
      const start = performance.now();
      await pass();
      return (events * 1000) / (performance.now() - start);
    };
    const ours = async (): Promise<void> => {
      const { integrity, completeness } = await verifyLog(reading);
      if (integrity.verdict !== "intact" || completeness.verdict !== "complete") throw new Error("the log is damaged");
    };
    const reference = async (): Promise<void> => readAndHash(reading, lengths);
    await ours();
    await reference();
    return {
      verify: await inTurn(
        rounds,
        "events/s",
        () => rate(ours),
        () => rate(reference),
      ),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Real events, by the way that all events go. */
async function record(file: string): Promise<void> {
  await using open = await openDatabase(sqliteAt(file));
  const machine = machineActor("bench");
  const passwordHash = await passwords.hash(parsePassword("correct horse battery", "password"));
  const user = { username: "admin", email: "", lastName: "", isSuperuser: true, passwordHash, now: 1 };
  const { token } = drawToken("bench", 1);
  await perform(open.db, machine, createFirstAdministrator, { user, token });
  const origin = {
    ip: "192.0.2.7",
    userAgent: "Mozilla/5.0 (X11; Linux)",
    endpoint: "API",
    traceId: "a".repeat(32),
  } as const;
  const actor = {
    user: { id: 1, username: "admin", isSuperuser: true },
    origin: { ...origin, forwarded: null },
  };
  for (let first = 0; first < events; first += batch) {
    const reported = Array.from({ length: batch }, (_, index) =>
      parseReportedEvent(
        {
          type: "NODE_STATUS_EVENT",
          action: "node.status",
          description: `Node changed status - From 'Deploying' to 'Deployed' (${index}).`,
          node: `n${index}`,
          hostname: `host-${index}`,
          details: { from: "Deploying", to: "Deployed", attempt: index },
        },
        1,
        null,
      ),
    );
    await perform(open.db, actor, recordReport, parseReport(reported, undefined));
  }
}

/** How many bytes a verification hashes, in order: for each event four groups, a leaf and, on average, a node. */
async function hashedLengths(reading: ReadingDatabase): Promise<Uint16Array> {
  const lengths = new Uint16Array((events + 1_000) * 6);
  let at = 0;
  for await (const row of rowsOf(reading)) {
    const named = Object.fromEntries(eventColumns.map((column, index) => [column, row[index]]));
    // The row of a table, by its names.
    const event = named as unknown as EventTable;
    for (const group of ["actor", "origin", "subject", "node"] as const) {
      lengths[at] = saltBytes + Buffer.byteLength(groupJson(group, event));
      at += 1;
    }
    lengths[at] = 1 + leafBytes(event, event.commitments).length;
    lengths[at + 1] = nodeBytes;
    at += 2;
  }
  return lengths.subarray(0, at);
}

async function readAndHash(reading: ReadingDatabase, lengths: Uint16Array): Promise<void> {
  const bytes = Buffer.alloc(65_536, 7);
  let at = 0;
  for await (const _row of rowsOf(reading)) {
    for (const end = at + 6; at < end; at += 1) hash("sha256", bytes.subarray(0, lengths[at]), "buffer");
  }
}

async function* rowsOf(reading: ReadingDatabase) {
  for (let from = 0; ; from += chunk) {
    const rows = await reading.readEvents(from, from + chunk, chunk);
    if (rows.length === 0) return;
    yield* rows;
  }
}
