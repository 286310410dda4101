import assert from "node:assert/strict";
import { test } from "node:test";
import { parseEventsSearch } from "./events-address.ts";

test("an address says from when the list begins, if there is such a time", () => {
  for (const at of ["2026-11-23T08:30:00Z", "2028-02-29T00:00:00Z", "9999-12-31T23:59:59Z"]) {
    assert.deepEqual(parseEventsSearch({ at }), { at });
  }
  for (const at of ["2026-02-30T00:00:00Z", "2026-11-23T24:00:00Z", "2026-13-01T00:00:00Z", "2026-11-23", ""]) {
    assert.deepEqual(parseEventsSearch({ at }), {});
  }
});
