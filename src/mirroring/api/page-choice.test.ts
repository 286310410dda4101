import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { choosePage } from "./page-choice.ts";

test("for any entry of a list, the page that is chosen has it, and entries before it", () =>
  fc.assert(
    fc.property(fc.nat(5_000_000), (newer) => {
      const { page, size } = choosePage(newer);
      const offset = (page - 1) * size;
      assert.ok(size <= 1_000 && offset <= newer && newer < offset + size, "it is on the page");
      assert.ok(newer < offset + size - 20, "also when some are added");
      // Without any the reading would stand still.
      assert.ok(newer === 0 || offset < newer);
    }),
  ));
