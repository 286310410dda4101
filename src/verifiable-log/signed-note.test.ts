import assert from "node:assert/strict";
import { test } from "node:test";
import { checkpointText, parseCheckpoint } from "./checkpoint.ts";
import { leafHash } from "./leaf.ts";
import {
  checkNote,
  generateSigningKey,
  parseNote,
  parseSigningKey,
  parseVerifier,
  signNote,
  writeNote,
} from "./signed-note.ts";
import { GrowingTree } from "./tree.ts";

/** A key's text from its seed: what no part of Ironlog needs to do. */
function secretText(name: string, keyId: string, type: number, seedByte: number): string {
  return `PRIVATE+KEY+${name}+${keyId}+${Buffer.concat([Buffer.from([type]), Buffer.alloc(32, seedByte)]).toString("base64")}`;
}

const logSigner = parseSigningKey(secretText("ironlog.example/audit", "d3b9279f", 1, 7));
const cosigner = parseSigningKey(secretText("witness.example/w1", "24b5d9fe", 4, 9));
const text = `ironlog.example/audit\n3\n2y7/5k02NSvNTCYL3g4RODEMn3e4nUxXV4ZS+bGFtjA=\n`;
const note = `${text}
— ironlog.example/audit 07knn6lKkajo9eEIDmC9fwSztNbCAhuQ96V4VrgutL8PlBjrbL6QTyBSFqlBQ7Z3fcOlQR8MLte8MGfh27FDKy8wcg4=
`;

test("the published vector of a signed note verifies (C2SP signed-note)", () => {
  const key = parseVerifier("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k");
  const signed = `This is an example message.

— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=
`;
  assert.equal(checkNote(parseNote(signed), [key]).length, 1);
  assert.deepEqual(checkNote(parseNote(signed), [logSigner]), [], "other keys' signatures are passed over");
  assert.throws(() => checkNote(parseNote(signed.replace("an example", "no example")), [key]), /wrong/);
});

test("the vector of a checkpoint: the same tree, key and bytes", () => {
  const tree = GrowingTree.from(0, Buffer.alloc(0));
  for (const index of [0, 1, 2]) tree.append(leafHash(Buffer.from(`event-${index}`)));
  const checkpoint = { origin: "ironlog.example/audit", size: 3, root: tree.root() };
  assert.equal(checkpointText(checkpoint), text);
  assert.equal(writeNote(text, [signNote(text, logSigner, 0)]), note);
  assert.equal(logSigner.text, "ironlog.example/audit+d3b9279f+AepKbGPinFIKvvVQexMuxfmVR3auvr57kkIe6mkURtIs");
  assert.deepEqual(parseCheckpoint(parseNote(note).text), checkpoint);
});

test("the vector of a cosignature: the same key, bytes and time", () => {
  assert.equal(cosigner.text, "witness.example/w1+24b5d9fe+BP0XJDhaoMdbZPt4zWAvodmR/ev3axPFjtcC6sg16fYY");
  const line = signNote(text, cosigner, 1_700_000_000);
  assert.equal(
    line,
    "— witness.example/w1 JLXZ/gAAAABlU/EAGOZHGLVHNMXNvQgyZzv+drYI33fcwqJhHgIX086A5TDg87IlC8NyY9eROWHGl6e5H6XbMSmPYSm6uCiILviRAg==\n",
  );
  const checked = checkNote(parseNote(note + line), [parseVerifier(logSigner.text), parseVerifier(cosigner.text)]);
  assert.deepEqual(
    checked.map(({ verifier, seconds }) => [verifier.kind, seconds]),
    [
      ["log", undefined],
      ["cosigner", 1_700_000_000],
    ],
  );
});

test("a note by a known key that is changed anywhere is refused whole", () => {
  const signed = parseNote(note + signNote(text, cosigner, 1_700_000_000));
  for (const [at, signature] of signed.signatures.entries()) {
    for (let byte = 0; byte < signature.blob.length; byte += 7) {
      const blob = Buffer.from(signature.blob);
      blob[byte] = (blob[byte] ?? 0) ^ 1;
      const signatures = signed.signatures.with(at, { ...signature, blob });
      assert.throws(() => checkNote({ ...signed, signatures }, [logSigner, cosigner]), /wrong/);
    }
  }
});

test("new keys are read again as they were written, and are told from one another", () => {
  for (const kind of ["log", "cosigner"] as const) {
    const signer = generateSigningKey(kind, "log.example/a");
    assert.equal(parseSigningKey(signer.secretText).text, signer.text);
    assert.equal(parseVerifier(signer.text).kind, kind);
    assert.notEqual(generateSigningKey(kind, "log.example/a").text, signer.text);
  }
});

test("what is no key, note or checkpoint is refused with a reason", () => {
  for (const wrong of [
    "",
    "a+b",
    `${logSigner.text}A`,
    logSigner.text.replace("d3b9279f", "d3b9279e"),
    "a b+00000000+AQ==",
  ]) {
    assert.throws(() => parseVerifier(wrong), Error, wrong);
  }
  for (const wrong of ["", logSigner.text, logSigner.secretText.replace("d3b9279f", "d3b9279e")]) {
    assert.throws(
      () => parseSigningKey(wrong),
      (error: Error) => !error.message.includes("AQcHBwc"),
      wrong,
    );
  }
  for (const wrong of ["", "text\n", "text\n\n", "text\n\nno signature\n", note.slice(0, -1)]) {
    assert.throws(() => parseNote(wrong), Error, wrong);
  }
  for (const wrong of ["", "\n3\n", "a\n03\n", "a\n-1\n", "a\n3\nAAAA\n", `a\n${2 ** 53}\n`]) {
    assert.throws(() => parseCheckpoint(wrong), Error, wrong);
  }
  assert.throws(() => generateSigningKey("log", "with blank"), /blanks/);
});
