import assert from "node:assert/strict";
import { test } from "node:test";
import { generateSigningKey, signNote, writeNote } from "../../../../src/verifiable-log/signed-note.ts";
import { fromBase64, toBase64, utf8 } from "./bytes.ts";
import { openCheckpoint } from "./checkpoint.ts";
import { verifyEd25519 } from "./digest.ts";
import { browsers, inBrowser } from "./fake-browsers.ts";

/** Of a key whose seed is 32 times 7 (Ed25519 gives the same bytes every time), over three events. */
const origin = "ironlog.example/audit";
const vkey = "ironlog.example/audit+d3b9279f+AepKbGPinFIKvvVQexMuxfmVR3auvr57kkIe6mkURtIs";
const note = `ironlog.example/audit
3
2y7/5k02NSvNTCYL3g4RODEMn3e4nUxXV4ZS+bGFtjA=

— ironlog.example/audit 07knn6lKkajo9eEIDmC9fwSztNbCAhuQ96V4VrgutL8PlBjrbL6QTyBSFqlBQ7Z3fcOlQR8MLte8MGfh27FDKy8wcg4=
`;
const cosignature =
  "— witness.example/w1 JLXZ/gAAAABlU/EAGOZHGLVHNMXNvQgyZzv+drYI33fcwqJhHgIX086A5TDg87IlC8NyY9eROWHGl6e5H6XbMSmPYSm6uCiILviRAg==\n";

async function isSigned(text: string, trusted = { origin, vkey }): Promise<boolean> {
  return (await openCheckpoint(text, trusted)).isSigned;
}

for (const browser of browsers) {
  test(`a known checkpoint holds, and not with any character changed, in ${browser}`, () =>
    inBrowser(browser, async () => {
      // What was opened last is remembered: this makes sure that it is this browser that checks.
      assert.equal(await isSigned("nothing"), false);
      const opened = await openCheckpoint(note, { origin, vkey });
      assert.ok(opened.isSigned);
      const { size, root } = opened.checkpoint;
      assert.deepEqual([size, toBase64(root)], [3, "2y7/5k02NSvNTCYL3g4RODEMn3e4nUxXV4ZS+bGFtjA="]);
      assert.equal(await isSigned(note + cosignature), true, "signatures by others are passed over");
      for (let at = 0; at < note.length; at += 1) {
        for (const other of ["", "A", "1", "\n"]) {
          if (other === note[at]) continue;
          const changed = note.slice(0, at) + other + note.slice(at + 1);
          assert.equal(await isSigned(changed), false, changed);
        }
      }
    }));

  test(`the published signature is told from a wrong one in ${browser}`, () =>
    inBrowser(browser, async () => {
      // From golang.org/x/mod/sumdb/note.
      const typed = fromBase64("AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k");
      const key = typed?.slice(1) ?? new Uint8Array();
      const blob = fromBase64(
        "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=",
      );
      const signature = blob?.slice(4) ?? new Uint8Array();
      const message = utf8("This is an example message.\n");
      assert.equal(await verifyEd25519(key, message, signature), true);
      assert.equal(await verifyEd25519(key, utf8("This is another message.\n"), signature), false);
      assert.equal(await verifyEd25519(signature.slice(0, 32), message, signature), false);
      assert.equal(await verifyEd25519(key, message, signature.slice(1)), false);
    }));
}

test("a checkpoint that another log or another key has signed is none of this log's", async () => {
  const [log, other] = [generateSigningKey("log", "log.example"), generateSigningKey("log", "log.example")];
  const text = `log.example\n1\n${"A".repeat(43)}=\n`;
  const by = (...signers: readonly (typeof log)[]) =>
    writeNote(
      text,
      signers.map((one) => signNote(text, one, 0)),
    );
  const trusted = { origin: "log.example", vkey: log.text };
  assert.equal(await isSigned(by(log), trusted), true);
  assert.equal(await isSigned(by(other, log), trusted), true);
  assert.equal(await isSigned(by(other), trusted), false);
  const wrong = signNote("something else\n", log, 0);
  assert.equal(
    await isSigned(by(log) + wrong, trusted),
    false,
    "one wrong signature by a known key makes the note wrong",
  );
  const foreign = text.replace("log", "blog");
  const opened = await openCheckpoint(writeNote(foreign, [signNote(foreign, log, 0)]), trusted);
  assert.deepEqual(opened, { isSigned: false, why: "The checkpoint is of 'blog.example', not of 'log.example'." });
});

test("a key that is none is said to be that", async () => {
  const cosigner = generateSigningKey("cosigner", origin).text;
  for (const wrong of ["", "nonsense", cosigner, vkey.replace("d3b9279f", "d3b9279e"), vkey.slice(0, -1)]) {
    await assert.rejects(isSigned(note, { origin, vkey: wrong }), /key/);
  }
  assert.equal(await isSigned(note), true, "the failure isn't remembered");
});
