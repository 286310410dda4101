import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { readTar, tarHeader, tarOf, type SizedFile } from "./tar.ts";

async function* filesOf(contents: ReadonlyMap<string, string>): AsyncGenerator<SizedFile, void, undefined> {
  for (const [name, content] of contents) yield { name, size: Buffer.byteLength(content), chunks: [content] };
}

async function archiveOf(contents: ReadonlyMap<string, string>): Promise<Buffer> {
  return Buffer.from((await Array.fromAsync(tarOf(filesOf(contents), "evidence", 1_800_000_000))).join(""));
}

function reading(archive: Buffer) {
  return (start: number, length: number): Buffer => archive.subarray(start, start + length);
}

test("for any files, an archive gives back what it was made of", async () => {
  const contents = fc.dictionary(fc.stringMatching(/^[a-z]{1,20}$/), fc.string({ unit: "grapheme", maxLength: 2000 }));
  await fc.assert(
    fc.asyncProperty(contents, async (wanted) => {
      const archive = await archiveOf(new Map(Object.entries(wanted)));
      const files = readTar(reading(archive));
      const found = [...files].map(([name, { start, size }]) => [name, archive.toString("utf8", start, start + size)]);
      assert.deepEqual(
        found,
        Object.entries(wanted).map(([name, text]) => [`evidence/${name}`, text]),
      );
    }),
  );
});

test("a file longer than eight gibibytes has its length", () => {
  const size = 9 * 2 ** 30 + 7;
  const header = Buffer.from(tarHeader({ name: "evidence/events.ndjson", size, seconds: 1_800_000_000 }));
  const end = header.length + size + 505;
  assert.equal(end % 512, 0);
  // What lies between is nothing that its reader asks for.
  const read = (start: number, length: number): Buffer =>
    start < header.length
      ? reading(header)(start, length)
      : Buffer.alloc(start < end ? 0 : Math.max(0, Math.min(length, end + 1024 - start)));
  assert.deepEqual([...readTar(read)], [["evidence/events.ndjson", { start: header.length, size }]]);
});

test("an archive that is cut short, or whose headers were changed, cannot be read", async () => {
  const archive = await archiveOf(new Map([["a", "some words"]]));
  for (const length of [0, 100, 512, 700, 1024]) {
    assert.throws(() => readTar(reading(archive.subarray(0, length))), /ends too soon/, String(length));
  }
  for (const at of [0, 9, 124, 135, 148, 156]) {
    const changed = Buffer.from(archive);
    changed[at] = (changed[at] ?? 0) ^ 1;
    assert.throws(() => readTar(reading(changed)), /no tar archive/, String(at));
  }
});

test("a content that has another length than was said ends the archive unwhole", async () => {
  async function* short(): AsyncGenerator<SizedFile, void, undefined> {
    yield { name: "a", size: 5, chunks: ["four"] };
  }
  await assert.rejects(Array.fromAsync(tarOf(short(), "evidence", 0)), /a has 4 bytes and not 5/);
});
