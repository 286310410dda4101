import assert from "node:assert/strict";
import { test } from "node:test";
import { AlreadyDone } from "../../src/audit/action.ts";
import { perform } from "../../src/audit/perform.ts";
import { recordDifference } from "../../src/mirroring/recording/mirror-actions.ts";
import { freshDatabase } from "../support/databases/databases.ts";
import { forEachKind } from "../support/each-kind.ts";
import { databaseWorld } from "../support/worlds/database-world.ts";

forEachKind((kind) => {
  test(`rows that have vanished are told of once, also where a crash kept the ledger from noting it (${kind})`, async () => {
    await using database = await freshDatabase(kind);
    const { db, ada } = await databaseWorld(database.db);
    const source = { id: 1, name: "prod", generation: 1 };
    const tell = (
      state: "vanished" | "changed",
      ...runs: readonly [{ first: number; last: number }, ...{ first: number; last: number }[]]
    ) => perform(db, ada.actor, recordDifference, { source, state, runs });
    assert.equal((await tell("vanished", { first: 5, last: 9 })).length, 1);
    await assert.rejects(tell("vanished", { first: 5, last: 9 }), AlreadyDone);
    const [later, ...more] = await tell("vanished", { first: 5, last: 9 }, { first: 12, last: 12 });
    assert.deepEqual([later.details, more], [{ generation: 1, first: 12, last: 12 }, []]);
    assert.equal((await tell("changed", { first: 5, last: 9 })).length, 1, "what is another thing is told");
    const again = { ...source, generation: 2 };
    const anew = await perform(db, ada.actor, recordDifference, {
      source: again,
      state: "vanished",
      runs: [{ first: 5, last: 9 }],
    });
    assert.equal(anew.length, 1, "and so is another generation");
  });
});
