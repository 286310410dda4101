import assert from "node:assert/strict";
import { test } from "node:test";
import { csvRow } from "./csv.ts";

/** The cell of a description. */
function cellOf(description: string): string {
  const event = { description } as Parameters<typeof csvRow>[0];
  return csvRow(event).replaceAll(/^,*|,*\r\n$/g, "");
}

test("what a spreadsheet may take for a formula gets a ' before it, also in wide signs and behind what isn't seen", () => {
  const signs = ["=", "+", "-", "@", "＝", "＋", "－", "＠", "\uFE66", "\uFE62", "\uFE63", "\uFE6B"];
  const before = [
    "",
    " ",
    "\u00A0",
    "\u3000",
    "\uFEFF",
    "\u200B",
    "\u2060",
    "\u00AD",
    "\u001B",
    "\0",
    "\u202E",
    "\uFEFF \u200B",
  ];
  for (const sign of signs) {
    for (const hidden of before) {
      const text = `${hidden}${sign}1+1`;
      assert.equal(cellOf(text), `'${text}`, JSON.stringify(text));
    }
  }
});

test("other text stays as it is", () => {
  for (const text of ["a=1", "'=1", " a", "\uFEFFa", "1-1", "ä+b", "ℝ=1", "user@example.com"]) {
    assert.equal(cellOf(text), text);
  }
});
