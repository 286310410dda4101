import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { eventColumns } from "../../src/database/event-columns.ts";
import type { EventTable } from "../../src/database/tables.ts";
import { commitmentOf, leafBytes, leafHash, membersOf } from "../../src/verifiable-log/leaf.ts";
import type { EventGroup } from "../../src/verifiable-log/event-fields.ts";
import { assertSoundRow, groupColumns, groupJson, groupNames, leafJson } from "./sound-log.ts";

const page = readFileSync(path.join(import.meta.dirname, "../../docs/log-format.md"), "utf8");

interface Vector {
  /** Bytes are in hexadecimal. */
  readonly row: Readonly<Record<string, string | number | null>>;
  readonly groups: Partial<Record<EventGroup, string>>;
  readonly commitments: Readonly<Record<EventGroup, string>>;
  readonly leaf: string;
  readonly leaf_hash: string;
}

const [whole, partial, withheld, ...others] = Array.from(page.matchAll(/^```json\n(.*?)^```$/gms), ([, json = ""]) =>
  asVector(JSON.parse(json)),
);

test("the page on the log's format has three vectors: whole, with empty groups, and the first with the actor withheld", () => {
  assert(whole !== undefined && partial !== undefined && withheld !== undefined);
  assert.deepEqual(Object.keys(partial.groups), ["actor", "origin", "subject"]);
  assert.deepEqual(others, []);
  assert.deepEqual(Object.keys(whole.groups), groupNames);
  assert.deepEqual(
    Object.keys(withheld.groups),
    groupNames.filter((name) => name !== "actor"),
  );
  assert.deepEqual({ ...whole.row, user_id: null, username: null, actor_salt: null }, withheld.row);
  assert.equal(whole.leaf, withheld.leaf);
  assert.equal(whole.leaf_hash, withheld.leaf_hash);
});

for (const [name, vector] of Object.entries({ whole, partial, withheld })) {
  test(`Ironlog's own bytes are those of the vector: ${name}`, () => {
    assert(vector !== undefined);
    const row = asRow(vector.row);
    assert.equal(
      Buffer.from(row.commitments).toString("hex"),
      groupNames.map((group) => vector.commitments[group]).join(""),
    );
    for (const group of groupNames) {
      const salt = row[`${group}_salt`];
      if (salt !== null) {
        const made = commitmentOf(group, salt, membersOf(group, row));
        assert.equal(made.toString("hex"), vector.commitments[group]);
      }
    }
    const { id, level, type, action, outcome, source, created, occurred } = row;
    const leaf = leafBytes({ id, level, type, action, outcome, source, created, occurred }, row.commitments);
    assert.equal(leaf.toString("utf8"), vector.leaf);
    assert.equal(leafHash(leaf).toString("hex"), vector.leaf_hash);
    assert.equal(vector.row["leaf_hash"], vector.leaf_hash);
  });

  test(`the tests' own verifier agrees with the vector: ${name}`, () => {
    assert(vector !== undefined);
    const row = asRow(vector.row);
    if (vector !== withheld) assertSoundRow(row);
    assert.equal(leafJson(row), vector.leaf);
    for (const group of groupNames) {
      if (vector.groups[group] !== undefined) assert.equal(groupJson(row, group), vector.groups[group]);
    }
  });
}

test("every column of an event is hashed, and its place in the format is written down", () => {
  const lasting = ["id", "level", "type", "action", "outcome", "source", "created", "occurred"];
  const personal = groupNames.flatMap((group) => [...groupColumns[group], `${group}_salt`]);
  assert.deepEqual([...eventColumns], [...lasting, ...personal, "commitments", "leaf_hash", "ip_bytes"]);
  const rows = Array.from(
    page.matchAll(/^\| `(\w+)` +\|.*\| (leaf|group|salt|the tree|nothing)/gm),
    ([, column]) => column,
  );
  assert.deepEqual(rows, [...eventColumns]);
});

function asVector(json: unknown): Vector {
  // The page is ours; what it lacks, the tests miss.
  return json as Vector;
}

function asRow(row: Vector["row"]): EventTable {
  const entries = Object.entries(row).map(([column, value]) => [
    column,
    /(_salt|^commitments|^leaf_hash|^ip_bytes)$/.test(column) && typeof value === "string"
      ? Buffer.from(value, "hex")
      : value,
  ]);
  assert.deepEqual(
    entries.map(([column]) => column),
    [...eventColumns],
  );
  // It has every column, and the page says of which type.
  return Object.fromEntries(entries) as EventTable;
}
