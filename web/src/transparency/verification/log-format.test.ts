import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { checkpointText } from "../../../../src/verifiable-log/checkpoint.ts";
import { generateSigningKey, signNote, writeNote } from "../../../../src/verifiable-log/signed-note.ts";
import { writeProof } from "../../../../src/verifiable-log/tlog-proof.ts";
import { nodeHash } from "../../../../src/verifiable-log/tree.ts";
import { eventGroups } from "./tlog-proof.ts";
import { verifyEvent } from "./verify-event.ts";

/** An event as docs/log-format.md shows it, with all that is hashed of it. */
interface Vector {
  readonly row: Readonly<Record<string, string | number | null>>;
  readonly groups: Readonly<Record<string, string>>;
  readonly leaf: string;
  readonly leaf_hash: string;
}

const page = readFileSync(path.join(import.meta.dirname, "../../../../docs/log-format.md"), "utf8");
const vectors = [...page.matchAll(/```json\n(.*?)```/gs)].map(([, json = ""]) => JSON.parse(json) as Vector);
const signer = generateSigningKey("log", "log.example");

/** The vector as the last of three events, as the native API would show and prove it. */
function proved({ row, groups, leaf, leaf_hash }: Vector) {
  const hash = Buffer.from(leaf_hash, "hex");
  const sibling = Buffer.alloc(32, 7);
  const text = checkpointText({ origin: "log.example", size: 3, root: nodeHash(sibling, hash) });
  const shown = Object.entries(groups).filter(([group]) => group !== "state");
  const opened = shown.map(([group, json]) => {
    const salt = Buffer.from(String(row[`${group}_salt`]), "hex").toString("base64");
    return [group, { salt, json }] as const;
  });
  const members = Object.assign({}, ...shown.map(([, json]) => JSON.parse(json) as object)) as object;
  const { created, occurred = created } = JSON.parse(leaf) as { created: string; occurred?: string };
  const event = {
    ...(row as unknown as Parameters<typeof verifyEvent>[0]),
    ...members,
    level: "AUDIT",
    type_words: "Authorisation",
    created,
    occurred,
    details: JSON.parse(String(row["details"])) as Readonly<Record<string, unknown>> | null,
    leaf_hash: hash.toString("base64"),
  };
  const note = writeNote(text, [signNote(text, signer, 0)]);
  const proof = writeProof({ event: { leaf, opened: Object.fromEntries(opened) }, index: 2, path: [sibling], note });
  return { event, proof };
}

test("events in docs/log-format.md are verified, also with empty groups; without one that is committed to it is broken", async () => {
  const trusted = { origin: "log.example", vkey: signer.text };
  const [whole, partial, withheld] = vectors.map(proved);
  assert.ok(vectors.length === 3 && whole !== undefined && partial !== undefined && withheld !== undefined);
  for (const { event, proof } of [whole, partial]) {
    const verdict = await verifyEvent(event, proof, trusted);
    assert.equal(verdict.state, "verified", JSON.stringify(verdict));
  }
  // What an empty group never said can't be shown.
  const added = await verifyEvent({ ...partial.event, hostname: "node-1" }, partial.proof, trusted);
  assert.equal(added.state === "broken" && added.step, "shown");
  for (const username of [null, "johnnybegood"]) {
    const partly = await verifyEvent({ ...withheld.event, username }, withheld.proof, trusted);
    assert.equal(partly.state === "broken" && partly.step, "actor");
  }
  assert.deepEqual(Object.keys(vectors[0]?.groups ?? {}).toSorted(), [...eventGroups, "state"].toSorted());
});
