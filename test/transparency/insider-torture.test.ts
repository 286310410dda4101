import assert from "node:assert/strict";
import { test } from "node:test";
import { kinds } from "../support/databases/databases.ts";
import type { Row } from "./mutations.ts";
import { makeSignedLog, type SignedLog } from "./signed-log.ts";
import { drawStateMutation, type StateRows, stateTables } from "./state-mutations.ts";
import { unguarded } from "./tampered.ts";

// Each change of what isn't an event is found, alone and in pairs. `npm run torture` draws thousands. What the database refuses is no
// change: most of those meet a constraint.

const rounds = {
  sqlite: Number(process.env["INSIDER_ROUNDS"] ?? 260),
  postgres: Number(process.env["INSIDER_ROUNDS"] ?? 40),
};
const firstSeed = Number(process.env["INSIDER_SEED"] ?? 1);

async function readState(log: SignedLog): Promise<StateRows> {
  const tables = Object.entries(stateTables).map(async ([table, keys]) => {
    const order = keys.map((key) => `"${key}"`).join(", ");
    const rows = await log.meddle(`select * from "${table}" order by ${order}`);
    return [table, rows.map((row) => asStored(row, log.kind))] as const;
  });
  return Object.fromEntries(await Promise.all(tables));
}

/** node-postgres gives whole numbers as text. */
function asStored(row: Readonly<Record<string, unknown>>, kind: SignedLog["kind"]): Row {
  const isNumber =
    /(^|_)(id|created|updated|is_superuser|is_active|authoritative|ttl|position|event_count|locked|status)$|_type$|_mib$|_count$|^since_size$/;
  const cells = Object.entries(row).map(([column, value]) => {
    const isText = kind === "postgres" && typeof value === "string" && isNumber.test(column) && /^-?\d+$/.test(value);
    return [column, isText && column !== "key_id" && column !== "system_id" ? Number(value) : value];
  });
  return Object.fromEntries(cells) as Row;
}

// One kind after the other: making the log sets the clock of this process.
for (const kind of kinds) {
  test(`any change of rows, of what stands beside them, of sequences and tiles is found (${kind})`, async (t) => {
    await using log = await makeSignedLog(kind);
    const rows = await readState(log);
    assert.ok((rows["user"]?.length ?? 0) > 20 && (rows["token"]?.length ?? 0) > 10);
    const { verifyWith } = await unguarded(log);
    const missed: string[] = [];
    let refused = 0;
    for (let seed = firstSeed; seed < firstSeed + rounds[kind]; seed += 1) {
      const mutation = drawStateMutation(seed, rows, kind);
      try {
        const { integrity } = await verifyWith(mutation);
        if (integrity.verdict === "intact") missed.push(`seed ${seed}: ${mutation.what}`);
      } catch (error) {
        if (!isConstraint(error)) throw error;
        refused += 1;
      }
    }
    t.diagnostic(`${rounds[kind]} changes from seed ${firstSeed} on, of which the database refused ${refused}`);
    assert.ok(refused < rounds[kind] / 2, "most were made");
    assert.deepEqual(missed, []);
  });
}

function isConstraint(error: unknown): boolean {
  return error instanceof Error && /constraint|violates|invalid input|out of range|cannot store/i.test(error.message);
}
