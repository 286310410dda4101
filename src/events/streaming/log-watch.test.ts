import assert from "node:assert/strict";
import { test } from "node:test";
import { freshDatabase, kinds } from "../../../test/support/databases/databases.ts";
import { LogWatch } from "./log-watch.ts";

for (const kind of kinds) {
  test(`a watch is stale once somebody has waited for long and nobody has looked (${kind})`, async (t) => {
    await using database = await freshDatabase(kind);
    const watch = new LogWatch(database.db);
    let ms = 1_000_000;
    t.mock.method(performance, "now", () => ms);
    assert.equal(watch.isStale, false, "nobody waits");
    const gone = new AbortController();
    const waiting = watch.growBeyond(7, 1_000_000, [gone.signal]);
    assert.equal(watch.isStale, false);
    ms += 10_001;
    assert.equal(watch.isStale, true);
    await watch.worker.turn({
      signal: gone.signal,
      keepBooks: () => Promise.reject(new Error("it keeps no books")),
      learnRequests: async () => {},
      takeRequest: () => false,
      isFinal: false,
    });
    assert.equal(watch.isStale, false, "somebody has looked");
    ms += 10_001;
    assert.equal(watch.isStale, true);
    gone.abort();
    await waiting;
    assert.equal(watch.isStale, false);
  });
}
