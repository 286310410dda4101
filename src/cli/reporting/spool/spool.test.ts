import assert from "node:assert/strict";
import { appendFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { freshFolder } from "../../../../test/support/databases/databases.ts";
import type { Reported } from "../reported.ts";
import { Spool } from "./spool.ts";

const noBound = 1024 * 1024 * 1024;

function reportOf(number: number, length: number): Reported {
  return { type: "T", action: "t", description: `${number} ${"x".repeat(length)}` };
}

const act = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ take: fc.integer({ min: 1, max: 40 }), length: fc.constantFrom(0, 100, 200_000) }),
  },
  { weight: 3, arbitrary: fc.record({ deliver: fc.integer({ min: 1, max: 50 }) }) },
  // A crash leaves half a line of what nobody was told is kept.
  { weight: 1, arbitrary: fc.record({ crash: fc.constantFrom("", "0", '0badc0de {"report":', "\0\0\0\0") }) },
);

test("whatever is taken comes out once, in its order, over any crash, and leaves nothing behind", () => {
  fc.assert(
    fc.property(fc.array(act, { maxLength: 25 }), (acts) => {
      using folder = freshFolder();
      const place = path.join(folder.folder, "spool");
      let spool = new Spool(place, noBound);
      let taken = 0;
      const delivered: string[] = [];
      const deliver = (most: number): void => {
        const waiting = spool.next().slice(0, most);
        delivered.push(...waiting.map(({ record }) => record.report?.description.split(" ")[0] ?? "damaged"));
        if (waiting.length > 0) spool.advance(waiting);
      };
      try {
        for (const one of acts) {
          if ("take" in one) {
            const records = Array.from({ length: one.take }, () => {
              taken += 1;
              return { report: reportOf(taken, one.length), cursor: String(taken) };
            });
            spool.append(records);
          } else if ("deliver" in one) {
            deliver(one.deliver);
          } else {
            spool[Symbol.dispose]();
            const last = segmentsIn(place).at(-1);
            if (last !== undefined) appendFileSync(path.join(place, last), one.crash);
            spool = new Spool(place, noBound);
          }
          assert.equal(spool.cursor, taken === 0 ? undefined : String(taken));
        }
        while (spool.next().length > 0) deliver(1_000);
        assert.deepEqual(
          delivered,
          Array.from({ length: taken }, (_, index) => String(index + 1)),
        );
        assert.deepEqual(segmentsIn(place), []);
      } finally {
        spool[Symbol.dispose]();
      }
    }),
    { numRuns: 60 },
  );
});

function segmentsIn(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => name.startsWith("taken-"))
    .toSorted();
}

test("behind a damaged record the journal is read again", () => {
  using folder = freshFolder();
  const place = path.join(folder.folder, "spool");
  {
    using spool = new Spool(place, noBound);
    spool.append([{ report: reportOf(1, 0), cursor: "a" }]);
  }
  const [segment = ""] = segmentsIn(place);
  appendFileSync(path.join(place, segment), 'not as it was {"cursor":"b"}\n');
  using spool = new Spool(place, noBound);
  assert.equal(spool.cursor, "a");
  assert.deepEqual(
    spool.next().map(({ record }) => record.damaged ?? record.cursor),
    ["a", 'not as it was {"cursor":"b"}'],
  );
});
