import assert from "node:assert/strict";
import { appendFileSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { receiverOpener } from "../../src/forwarding/delivery/open-receiver.ts";
import { testDelivery } from "../../src/forwarding/delivery/test-delivery.ts";
import { openDestination } from "../../src/forwarding/destinations/destination-queries.ts";
import { freshDatabase, freshFolder } from "../support/databases/databases.ts";
import { forEachKind } from "../support/each-kind.ts";
import { destinationTo, noSecrets } from "../support/forwarding/delivering.ts";

forEachKind((kind) => {
  test("a test of a file leaves what the worker writes alone", async () => {
    await using fresh = await freshDatabase(kind);
    using files = freshFolder();
    const { db } = fresh;
    await destinationTo(db, { transport: "file", settings: { directory: files.folder } });
    const openReceiver = receiverOpener({ db, listensAt: () => undefined, environment: {} });
    const event = await db.selectFrom("event").selectAll().orderBy("id", "desc").executeTakeFirstOrThrow();
    await using worker = await openReceiver(await openDestination(db, noSecrets, "siem"));
    await worker.deliver([event], new AbortController().signal);
    const [file = ""] = readdirSync(files.folder);
    // As far as the worker has come with the next line.
    appendFileSync(path.join(files.folder, file), '{"id":');
    const before = readFileSync(path.join(files.folder, file), "utf8");
    assert.equal(await testDelivery(noSecrets, openReceiver)(db, "siem", event.id), undefined);
    assert.equal(readFileSync(path.join(files.folder, file), "utf8"), before);
    const others = readdirSync(files.folder).filter((name) => name !== file);
    assert.deepEqual(
      others.map((name) => name.replace(/\d{8}T\d{9}Z/, "TIME")),
      ["siem-test-TIME.jsonl"],
    );
    assert.equal(
      (JSON.parse(readFileSync(path.join(files.folder, others[0] ?? ""), "utf8")) as { readonly id: number }).id,
      event.id,
    );
  });
  test("a test says also what a receiver left out", async () => {
    await using fresh = await freshDatabase(kind);
    const { db } = fresh;
    await destinationTo(db);
    const { id } = await db.selectFrom("event").select("id").orderBy("id", "desc").executeTakeFirstOrThrow();
    const said = { taken: 1, refused: [] };
    for (const [delivered, why] of [
      [said, undefined],
      [{ ...said, note: "not to bob" }, "not to bob"],
      [{ ...said, unnamed: { count: 1, why: "rejected one" } }, "rejected one"],
      [{ ...said, refused: [{ id, why: "not this one" }] }, "not this one"],
    ] as const) {
      const receiver = { batchMax: 1, deliver: async () => delivered, async [Symbol.asyncDispose]() {} };
      assert.equal(await testDelivery(noSecrets, async () => receiver)(db, "siem", id), why);
    }
  });
});
