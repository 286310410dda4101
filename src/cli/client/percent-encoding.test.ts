import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { percentEncode, queryEncode } from "./percent-encoding.ts";

test("for any text, the path's and the query's encodings are read back as it was", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      assert.equal(decodeURIComponent(percentEncode(text)), text);
      assert.equal(new URLSearchParams(`key=${queryEncode(text)}`).get("key"), text);
    }),
  );
});

test("for any bytes, nothing but unreserved characters and percent signs goes out", () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      assert.match(percentEncode(bytes), /^([A-Za-z0-9_.~-]|%[0-9A-F]{2})*$/);
    }),
  );
});
