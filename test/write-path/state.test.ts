import assert from "node:assert/strict";
import { test } from "node:test";
import { defineAction } from "../../src/audit/action.ts";
import { draftEvent } from "../../src/audit/event-draft.ts";
import { perform } from "../../src/audit/perform.ts";
import { openForReading } from "../../src/database/reading.ts";
import { verifyLog } from "../../src/transparency/verification/verification.ts";
import { parseState } from "../../src/verifiable-log/row-digest.ts";
import { freshDatabase, kinds } from "../support/databases/databases.ts";
import { machine } from "../support/worlds/database-world.ts";
import { listRows } from "./sound-log.ts";

const createZones = defineAction({
  async run(tx, names: readonly string[]) {
    for (const name of names) await tx.insertInto("zone").values({ name, description: "" }).execute();
  },
  events: () => [draftEvent("zone.create", { name: "many" })],
});

for (const kind of kinds) {
  test(`the first event of a log states the rows that it begins with, and no later one (${kind})`, async () => {
    await using database = await freshDatabase(kind);
    for (const name of ["one", "two"]) await perform(database.db, machine, createZones, [name]);
    const [first, second] = (await listRows(database.db)).map(({ state }) => parseState(state ?? "[]"));
    assert.deepEqual(
      first?.map(([table, key, before]) => [table, key, before]),
      [
        ["domain", "0", null],
        ["pool", "0", null],
        ["zone", "1", null],
        ["zone", "2", null],
      ],
    );
    assert.deepEqual(
      second?.map(([table, key]) => [table, key]),
      [["zone", "3"]],
    );
  });

  test(`an act on more rows than one event states takes further events of its type (${kind})`, async () => {
    await using database = await freshDatabase(kind);
    await perform(database.db, machine, createZones, ["before"]);
    const names = Array.from({ length: 2_100 }, (_, at) => `zone-${at}`);
    await perform(database.db, machine, createZones, names);
    const events = (await listRows(database.db)).slice(1);
    assert.deepEqual(
      events.map(({ action, type, description, state }) => [
        action,
        type,
        description,
        parseState(state ?? "[]").length,
      ]),
      [
        ["zone.create", "ZONES", "Created zone 'many'.", 1_000],
        ["state.more", "ZONES", "More rows of event 2.", 1_000],
        ["state.more", "ZONES", "More rows of event 2.", 100],
      ],
    );
    await using reading = await openForReading(database.location);
    assert.deepEqual((await verifyLog(reading)).integrity.faults, []);
  });

  test(`what comes and goes within an act is not stated, and what an act takes back neither (${kind})`, async () => {
    await using database = await freshDatabase(kind);
    await perform(database.db, machine, createZones, ["before"]);
    const comeAndGo = defineAction({
      async run(tx) {
        await tx.insertInto("zone").values({ name: "gone", description: "" }).execute();
        await tx.deleteFrom("zone").where("name", "=", "gone").execute();
      },
      events: () => [draftEvent("zone.delete", { name: "gone" })],
    });
    await perform(database.db, machine, comeAndGo, undefined);
    await assert.rejects(perform(database.db, machine, createZones, ["twice", "twice"]));
    await perform(database.db, machine, createZones, ["after"]);
    const states = (await listRows(database.db)).slice(1).map(({ state }) => parseState(state ?? "[]").length);
    assert.deepEqual(states, [0, 1]);
    await using reading = await openForReading(database.location);
    assert.deepEqual((await verifyLog(reading)).integrity.faults, []);
  });
}
