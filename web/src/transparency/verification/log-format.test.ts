import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { checkpointText } from "../../../../src/verifiable-log/checkpoint.ts";
import { generateSigningKey, signNote, writeNote } from "../../../../src/verifiable-log/signed-note.ts";
import { writeProof } from "../../../../src/verifiable-log/tlog-proof.ts";
import { nodeHash } from "../../../../src/verifiable-log/tree.ts";
import { personalGroups } from "./tlog-proof.ts";
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
  const opened = Object.entries(groups).map(([group, json]) => {
    const salt = Buffer.from(String(row[`${group}_salt`]), "hex").toString("base64");
    return [group, { salt, json }] as const;
  });
  const members = Object.assign({}, ...Object.values(groups).map((json) => JSON.parse(json) as object)) as object;
  const event = {
    ...(row as unknown as Parameters<typeof verifyEvent>[0]),
    ...members,
    level: "AUDIT",
    type_words: "Authorisation",
    created: "2018-02-01T22:28:18.000123Z",
    occurred: "2018-02-01T22:28:17.500000Z",
    details: JSON.parse(String(row["details"])) as Readonly<Record<string, unknown>>,
    leaf_hash: hash.toString("base64"),
  };
  const note = writeNote(text, [signNote(text, signer, 0)]);
  const proof = writeProof({ event: { leaf, opened: Object.fromEntries(opened) }, index: 2, path: [sibling], note });
  return { event, proof };
}

test("the first event in docs/log-format.md is verified, the second is broken for want of a group", async () => {
  const trusted = { origin: "log.example", vkey: signer.text };
  const [whole, withheld] = vectors.map(proved);
  assert.ok(vectors.length === 2 && whole !== undefined && withheld !== undefined);
  const verdict = await verifyEvent(whole.event, whole.proof, trusted);
  assert.equal(verdict.state, "verified", JSON.stringify(verdict));
  for (const username of [null, "johnnybegood"]) {
    const partly = await verifyEvent({ ...withheld.event, username }, withheld.proof, trusted);
    assert.equal(partly.state === "broken" && partly.step, "actor");
  }
  assert.deepEqual(Object.keys(vectors[0]?.groups ?? {}).toSorted(), [...personalGroups].toSorted());
});
