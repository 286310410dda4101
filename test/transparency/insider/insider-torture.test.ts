import assert from "node:assert/strict";
import path from "node:path";
import { test } from "node:test";
import { kinds, queryAt } from "../../support/databases/databases.ts";
import { areFilesSame, meddleWith } from "./cloned-log.ts";
import { complaint } from "./complaint.ts";
import { describeManipulation, drawManipulation, type Manipulation } from "./draw.ts";
import type { Part, Role, Stored } from "./part.ts";
import { type PreparedLog, prepareLog, readStored } from "./prepared-log.ts";

// Everything that is stored is manipulated, with the rights of its files' owner, its tables' owner or the serving role, singly and in
// pairs, undone before anybody looks or not: `log verify` with the key files finds each that has left anything, and accuses none that has
// not. An older log, or one that was written anew with its keys, is found by a checkpoint that was kept. `npm run torture` draws thousands.

const all = Number(process.env["INSIDER_ROUNDS"] ?? 300);
const rounds = { sqlite: Math.ceil(all * 0.85), postgres: Math.floor(all * 0.15) };
const firstSeed = Number(process.env["INSIDER_SEED"] ?? 1);

/** What became of a manipulation. The last two are faults of Ironlog's. */
type Fate =
  | "found"
  | "refused"
  | "nothing left"
  | "found by a kept checkpoint"
  | "found deep down"
  | "UNSEEN"
  | "FALSE ALARM";

// One kind after the other: making the log sets the clock of this process.
for (const kind of kinds) {
  test(`any manipulation of what is stored is found by a verification, and nothing else is (${kind})`, async (t) => {
    await using log = await prepareLog(kind);
    const before = textOf(log.stored);
    const counts = new Map<Fate, number>();
    const roles = new Map<Role, number>();
    const wrong: string[] = [];
    for (let seed = firstSeed; seed < firstSeed + rounds[kind]; seed += 1) {
      const manipulation = drawManipulation(seed, log.stored);
      const { fate, said, made } = await fateOf(log, manipulation, before).catch((error: unknown) => {
        throw new Error(`seed ${seed}: ${describeManipulation(manipulation)}`, { cause: error });
      });
      counts.set(fate, (counts.get(fate) ?? 0) + 1);
      for (const { role } of made) roles.set(role, (roles.get(role) ?? 0) + 1);
      if (fate === "UNSEEN" || fate === "FALSE ALARM") {
        wrong.push(
          `seed ${seed}: ${fate}: ${describeManipulation(manipulation)}${said === undefined ? "" : ` (${said})`}`,
        );
      }
    }
    if (kind === "postgres") {
      const url = await log.copy();
      const meddle = (statement: string) => queryAt(url, statement);
      assert.equal(textOf(await readStored({ kind, meddle })), before, "the copy was put back each time");
    }
    t.diagnostic(`${rounds[kind]} manipulations from seed ${firstSeed} on: ${listed(counts)}; made ${listed(roles)}`);
    assert.deepEqual(wrong, []);
    // One seed, run again, need not be like that.
    if (rounds[kind] < 40) return;
    assert.ok((counts.get("found") ?? 0) > rounds[kind] / 2, "most were found");
    assert.equal(roles.size, kind === "sqlite" ? 2 : 3, "each role has done something");
  });
}

function listed(counts: ReadonlyMap<string, number>): string {
  return [...counts].map(([name, count]) => `${count} ${name}`).join(", ");
}

interface Fated {
  readonly fate: Fate;
  /** What was said to be wrong. */
  readonly said?: string;
  /** What the database has not refused. */
  readonly made: readonly Part[];
}

async function fateOf(log: PreparedLog, manipulation: Manipulation, before: string): Promise<Fated> {
  await using meddled = await meddleWith(log, manipulation);
  const { made } = meddled;
  const isUsed = made.some(({ use }) => use !== undefined);
  const isEffective = made.some(({ isHarmless }) => isHarmless !== true) && (!manipulation.isUndone || isUsed);
  const said = meddled.refusal ?? (await complaint(meddled));
  if (said !== undefined) return { fate: isEffective ? "found" : "FALSE ALARM", said, made };
  if (isUsed) return { fate: "UNSEEN", made };
  if (made.length === 0) return { fate: "refused", made };
  if (made.some(({ state }) => state !== undefined)) {
    const since = path.join(log.stored.folders.now, "log.key.checkpoint");
    const isSeen = (await complaint(meddled, [["since", since]])) !== undefined;
    return { fate: isSeen ? "found by a kept checkpoint" : "UNSEEN", made };
  }
  if (!isEffective) return { fate: "nothing left", made };
  const mayBeDeep = made.some(({ bytes, isDeep }) => bytes !== undefined || isDeep);
  if (mayBeDeep && (await complaint(meddled, [["deep", ""]])) !== undefined) return { fate: "found deep down", made };
  const hasChangedFiles = made.some(({ files, isHarmless }) => files !== undefined && isHarmless !== true);
  const isSame =
    !made.some(({ schema }) => schema !== undefined) &&
    (!hasChangedFiles || areFilesSame(meddled.folder, log.stored.folders)) &&
    textOf(await readStored({ kind: log.stored.kind, meddle: meddled.meddle })) === before;
  return { fate: isSame ? "nothing left" : "UNSEEN", made };
}

/** All rows and sequences, as a text. */
function textOf({ rows, state, sequences }: Pick<Stored, "rows" | "state" | "sequences">): string {
  return JSON.stringify([rows, state, [...sequences]]);
}
