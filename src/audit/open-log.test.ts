import assert from "node:assert/strict";
import { test } from "node:test";
import { freshLocation, kinds } from "../../test/support/databases/databases.ts";
import { openDatabase } from "../database/opening.ts";
import { schemaSteps } from "../database/migrate.ts";
import { machineActor } from "./actor.ts";
import { openLog } from "./open-log.ts";

const machine = machineActor("tester");

for (const kind of kinds) {
  test(`what was done to the tables is recorded once (${kind})`, async () => {
    await using fresh = await freshLocation(kind);
    for (let opening = 0; opening < 2; opening += 1) {
      await using open = await openLog(fresh.location, machine);
      const events = await open.db.selectFrom("event").select(["action", "details"]).execute();
      assert.deepEqual(
        events.map(({ action, details }) => [action, details]),
        [["schema.migrate", JSON.stringify({ os_user: "tester", steps: schemaSteps })]],
      );
    }
  });

  test(`an opening that died before it recorded is made good by the next (${kind})`, async () => {
    await using fresh = await freshLocation(kind);
    await (await openDatabase(fresh.location))[Symbol.asyncDispose]();
    await using open = await openLog(fresh.location, machine);
    const events = await open.db.selectFrom("event").select("action").execute();
    assert.deepEqual(
      events.map(({ action }) => action),
      ["schema.migrate"],
    );
  });

  test(`two openings at once record it once (${kind})`, async () => {
    await using fresh = await freshLocation(kind);
    const [one, other] = await Promise.all([openLog(fresh.location, machine), openLog(fresh.location, machine)]);
    const events = await one.db.selectFrom("event").select("action").execute();
    assert.deepEqual(
      events.map(({ action }) => action),
      ["schema.migrate"],
    );
    await one[Symbol.asyncDispose]();
    await other[Symbol.asyncDispose]();
  });
}
