import assert from "node:assert/strict";
import { test } from "node:test";
import { freshDatabase, kinds } from "../../../test/support/databases/databases.ts";
import { databaseWorld, machine, newMachine } from "../../../test/support/worlds/database-world.ts";
import { defineAction } from "../../audit/action.ts";
import { draftEvent } from "../../audit/event-draft.ts";
import { perform } from "../../audit/perform.ts";
import { advanceNode } from "../life-cycle/life-cycle-actions.ts";
import { createNode, deleteNode, transferNodes, updateNode } from "./node-actions.ts";
import { getNode, ownedNodeCount } from "./node-queries.ts";

const transfer = defineAction({
  run: (tx, { from, to }: { from: number; to: number }) => transferNodes(tx, from, to),
  events: () => [draftEvent("token.create", undefined)],
});

for (const kind of kinds) {
  test(`what a user owns is counted, and can be given to an heir (${kind})`, async () => {
    await using database = await freshDatabase(kind);
    const { db, ada, bob } = await databaseWorld(database.db);
    for (const systemId of ["aaaaaa", "bbbbbb"]) {
      await perform(db, ada.actor, createNode, newMachine(systemId));
      await perform(db, bob.actor, advanceNode, { systemId, step: "acquire", comment: "", now: 2 });
    }
    assert.equal(await ownedNodeCount(db, bob.user.id), 2);
    const given = await perform(db, ada.actor, transfer, { from: bob.user.id, to: ada.user.id });
    assert.deepEqual(given, ["aaaaaa", "bbbbbb"]);
    assert.equal(await ownedNodeCount(db, bob.user.id), 0);
    assert.equal((await getNode(db, "aaaaaa")).owner?.username, "ada");
  });

  test(`a device that nobody owns is changed and deleted by administrators alone (${kind})`, async () => {
    await using database = await freshDatabase(kind);
    const { db, ada, bob } = await databaseWorld(database.db);
    const device = newMachine("aaaaaa", { type: "device", status: "New", architecture: "" });
    await perform(db, machine, createNode, device);
    const change = { systemId: "aaaaaa", changes: { description: "x" }, now: 2 };
    const refused = { code: "forbidden", isForAdministrators: true };
    await assert.rejects(perform(db, bob.actor, updateNode, change), refused);
    await assert.rejects(perform(db, bob.actor, deleteNode, { systemId: "aaaaaa", now: 2 }), refused);
    await perform(db, ada.actor, updateNode, change);
    await perform(db, ada.actor, deleteNode, { systemId: "aaaaaa", now: 3 });
  });
}
