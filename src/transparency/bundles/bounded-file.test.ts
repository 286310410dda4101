import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Unreadable } from "../../verifiable-log/unreadable.ts";
import { heldBytesMax, type ReadInto, readLines, readText } from "./bounded-file.ts";

/** Reads from these bytes, of which a call gives at most so many. */
function readerOf(bytes: Buffer, atOnceMax: number): ReadInto {
  return (buffer, position) => bytes.copy(buffer, 0, position, Math.min(bytes.length, position + atOnceMax));
}

function linesOf(bytes: Buffer, atOnceMax = Infinity, size = bytes.length): readonly string[] {
  return [...readLines({ read: readerOf(bytes, atOnceMax), start: 0, size })];
}

/** With other bytes before and behind them. */
function aMid(bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from("before\n"), bytes, Buffer.from("behind\n")]);
}

test("for any text, its lines are those between its line ends, whatever a read gives at once and where it lies", () => {
  // Longer than a block, so that lines and letters lie across its border.
  const text = fc
    .array(fc.oneof(fc.constant("\n"), fc.string({ unit: "grapheme", maxLength: 9 })), { maxLength: 30 })
    .map((parts) => `${"x".repeat(64 * 1024 - 20)}${parts.join("")}`.toWellFormed());
  fc.assert(
    fc.property(text, fc.integer({ min: 1_000, max: 100_000 }), (given, atOnceMax) => {
      const bytes = Buffer.from(given, "utf8");
      const wanted = given.split("\n");
      if (wanted.at(-1) === "") wanted.pop();
      assert.deepEqual(linesOf(bytes, atOnceMax), wanted);
      const section = { read: readerOf(aMid(bytes), atOnceMax), start: 7, size: bytes.length };
      assert.deepEqual([...readLines(section)], wanted);
      assert.equal(readText(section), given);
    }),
  );
});

test("an empty file has no lines, and a last line needs no end", () => {
  assert.deepEqual(linesOf(Buffer.from("")), []);
  assert.deepEqual(linesOf(Buffer.from("\n")), [""]);
  assert.deepEqual(linesOf(Buffer.from("a\n\nb"), 1), ["a", "", "b"]);
});

test("of a file of any length a block is read before its first line is given, and no more than is held at most", () => {
  let asked = 0;
  const withLines: ReadInto = (buffer) => {
    asked += buffer.length;
    buffer.fill("0123456\n");
    return buffer.length;
  };
  const size = 2 ** 40;
  const [first] = readLines({ read: withLines, start: 0, size });
  assert.equal(first, "0123456");
  assert.ok(asked <= 64 * 1024, String(asked));

  asked = 0;
  const withoutEnd: ReadInto = (buffer) => {
    asked += buffer.length;
    assert.ok(asked <= heldBytesMax + 64 * 1024, String(asked));
    return buffer.fill("x").length;
  };
  assert.throws(() => [...readLines({ read: withoutEnd, start: 0, size })], Unreadable);
  assert.ok(asked > heldBytesMax);

  asked = 0;
  assert.throws(() => readText({ read: withoutEnd, start: 0, size }), Unreadable);
  assert.equal(asked, 0);
});

test("a file that is shorter than it was said to be, or no UTF-8, cannot be read", () => {
  const short = { read: readerOf(Buffer.from("a\nb\n"), 3), start: 0, size: 5 };
  assert.throws(() => [...readLines(short)], /ends too soon/);
  assert.throws(() => readText(short), /ends too soon/);
  const other = { read: readerOf(Buffer.from([0x61, 0xff, 0x0a]), 9), start: 0, size: 3 };
  assert.throws(() => [...readLines(other)], Unreadable);
  assert.throws(() => readText(other), Unreadable);
  // A mark at the beginning is a part of the text.
  assert.deepEqual(linesOf(Buffer.from("\uFEFFa\n")), ["\uFEFFa"]);
});
