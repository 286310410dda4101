import assert from "node:assert/strict";
import { test } from "node:test";
import type { VerificationReport } from "../../src/transparency/verification/verification-report.ts";
import { kinds } from "../support/databases/databases.ts";
import { drawMutation, type Mutation } from "./mutations.ts";
import { makeSignedLog } from "./signed-log.ts";
import { unguarded } from "./tampered.ts";

// Each change of anything that is stored is found: seeds one after the other, so that a change that isn't found can be
// asked for again. `npm run torture` draws thousands.

const rounds = {
  sqlite: Number(process.env["TAMPER_ROUNDS"] ?? 150),
  postgres: Number(process.env["TAMPER_ROUNDS"] ?? 25),
};
const firstSeed = Number(process.env["TAMPER_SEED"] ?? 1);

// One kind after the other: making the log sets the clock of this process.
for (const kind of kinds) {
  test(`any single change of what is stored is found, and an unchanged log is not accused (${kind})`, async (t) => {
    await using log = await makeSignedLog(kind);
    const { rows, verifyWith } = await unguarded(log);
    assert.ok(rows.event.length > 300 && rows.tree_node.length > 0 && rows.checkpoint.length === 3);
    assert.deepEqual(complaint(await verifyWith({ statements: [] })), "");
    const missed: string[] = [];
    for (let seed = firstSeed; seed < firstSeed + rounds[kind]; seed += 1) {
      const mutation = drawMutation(seed, rows, kind);
      const report = await verifyWith(mutation);
      const wrong = whatIsMissed(report, mutation);
      if (wrong !== undefined) missed.push(`seed ${seed}: ${wrong}: ${mutation.what}`);
    }
    t.diagnostic(`${rounds[kind]} changes from seed ${firstSeed} on`);
    assert.deepEqual(missed, []);
  });
}

/** What a report lacks that is about a log with that change; undefined if it lacks nothing. */
function whatIsMissed({ integrity, completeness }: VerificationReport, { event }: Mutation): string | undefined {
  if (integrity.verdict === "intact" && completeness.verdict === "complete") return "not found";
  if (event === undefined) return undefined;
  const isNamed =
    integrity.faults.some((fault) => fault.event === event) ||
    completeness.gaps.some(({ from, to }) => from <= event && event <= to);
  return isNamed ? undefined : `found, but event ${event} is not named (${integrity.faults[0]?.what})`;
}

function complaint({ integrity, completeness }: VerificationReport): string {
  const faults = integrity.faults.map(({ event, what }) => `event ${event}: ${what}`);
  return [...faults, ...completeness.gaps.map(({ from, to }) => `events ${from} to ${to} are missing`)].join("; ");
}
