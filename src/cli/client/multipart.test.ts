import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { encodeMultipart } from "./multipart.ts";

test("for any arguments, a reader of multipart/form-data finds them as they were, in their order", async () => {
  const key = fc.string({ minLength: 1 }).map((text) => text.replaceAll("%", "_"));
  const pairs = fc.array(
    fc.oneof(
      fc.record({ key, kind: fc.constant("text" as const), value: fc.string({ unit: "binary" }) }),
      fc.record({ key, kind: fc.constant("file" as const), value: fc.uint8Array() }),
    ),
    { minLength: 1 },
  );
  await fc.assert(
    fc.asyncProperty(pairs, async (pairs) => {
      const { contentType, body } = encodeMultipart(pairs);
      const form = await new Response(body, { headers: { "Content-Type": contentType } }).formData();
      const read = await Promise.all(
        [...form].map(async ([key, value]) =>
          typeof value === "string" ? { key, kind: "text", value } : { key, kind: "file", value: await value.bytes() },
        ),
      );
      assert.deepEqual(
        read,
        pairs.map(({ key, kind, value }) => ({ key, kind, value: kind === "text" ? value : new Uint8Array(value) })),
      );
    }),
  );
});
