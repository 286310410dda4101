import assert from "node:assert/strict";
import { test } from "node:test";
import { assertSoundLog } from "../../test/write-path/sound-log.ts";
import { freshDatabase, kinds } from "../../test/support/databases/databases.ts";
import type { Database } from "../database/database.ts";
import { Refusal } from "../refusal.ts";
import { defineAction } from "./action.ts";
import { machineActor } from "./actor.ts";
import { draftEvent } from "./event-draft.ts";
import { refuseOperation, recordServerStart } from "./machine-actions.ts";
import { perform } from "./perform.ts";

const actor = machineActor("tester");
const refused = defineAction({
  async run(_tx, _input: undefined): Promise<void> {
    throw new Refusal("conflict", "no");
  },
  events: () => [draftEvent("token.create", undefined)],
});
const noon = Date.UTC(2031, 0, 1, 12);

for (const kind of kinds) {
  test(`a clock set back by more than two seconds is told before the act that found it (${kind})`, async (t) => {
    await using database = await freshDatabase(kind);
    t.mock.timers.enable({ apis: ["Date"], now: noon });
    await act(database.db, "first");
    t.mock.timers.setTime(noon - 90_000);
    await act(database.db, "second");
    await act(database.db, "third");
    assert.deepEqual(await listEvents(database.db), [
      {
        id: 1,
        created: noon * 1000,
        description: "Refused: first.",
        details: '{"operation":"first","os_user":"tester","path":"/"}',
      },
      ...[
        { id: 2, description: "The clock was set back by 90 seconds.", details: '{"os_user":"ironlog"}' },
        { id: 3, description: "Refused: second.", details: '{"operation":"second","os_user":"tester","path":"/"}' },
        { id: 4, description: "Refused: third.", details: '{"operation":"third","os_user":"tester","path":"/"}' },
      ].map((event) => ({ ...event, created: (noon - 90_000) * 1000 })),
    ]);
    await assertSoundLog(database);
  });

  test(`a clock set back by up to two seconds is waited for, and nothing is told (${kind})`, async (t) => {
    await using database = await freshDatabase(kind);
    t.mock.timers.enable({ apis: ["Date"], now: noon });
    await act(database.db, "first");
    t.mock.timers.setTime(noon - 1);
    await act(database.db, "second");
    t.mock.timers.setTime(noon - 2_000);
    await act(database.db, "third");
    t.mock.timers.setTime(noon + 1);
    await act(database.db, "fourth");
    const times = (await listEvents(database.db)).map(({ created }) => created / 1000 - noon);
    assert.deepEqual(times, [0, 0, 0, 1]);
    await assertSoundLog(database);
  });

  test(`the last millisecond of the two seconds decides (${kind})`, async (t) => {
    await using database = await freshDatabase(kind);
    t.mock.timers.enable({ apis: ["Date"], now: noon });
    await act(database.db, "first");
    t.mock.timers.setTime(noon - 2_001);
    await act(database.db, "second");
    const descriptions = (await listEvents(database.db)).map(({ description }) => description);
    assert.deepEqual(descriptions, ["Refused: first.", "The clock was set back by 2 seconds.", "Refused: second."]);
  });

  test(`acts that share a commit tell of one clock once (${kind})`, async (t) => {
    await using database = await freshDatabase(kind);
    t.mock.timers.enable({ apis: ["Date"], now: noon });
    await act(database.db, "first");
    t.mock.timers.setTime(noon - 3_600_000);
    await Promise.all(["second", "third", "fourth"].map((operation) => act(database.db, operation)));
    const steps = (await listEvents(database.db)).filter(({ description }) => /clock/.test(description ?? ""));
    assert.deepEqual(
      steps.map(({ id, description }) => ({ id, description })),
      [{ id: 2, description: "The clock was set back by 3600 seconds." }],
    );
    await assertSoundLog(database);
  });

  test(`an act that is refused tells nothing of the clock either; the next one does (${kind})`, async (t) => {
    await using database = await freshDatabase(kind);
    t.mock.timers.enable({ apis: ["Date"], now: noon });
    await act(database.db, "first");
    t.mock.timers.setTime(noon - 60_000);
    await assert.rejects(perform(database.db, actor, refused, undefined), Refusal);
    assert.equal((await listEvents(database.db)).length, 1);
    await act(database.db, "second");
    const descriptions = (await listEvents(database.db)).map(({ description }) => description);
    assert.deepEqual(descriptions, ["Refused: first.", "The clock was set back by 60 seconds.", "Refused: second."]);
  });

  test(`events have the microseconds of now where the clock is left alone (${kind})`, async () => {
    await using database = await freshDatabase(kind);
    const before = Date.now();
    await perform(database.db, actor, recordServerStart, {
      version: "1.0",
      database: "SQLite",
      address: "127.0.0.1:5240",
    });
    const [event] = await listEvents(database.db);
    assert(event !== undefined);
    // The two clocks of a process may differ by less than a second; beyond it the wall clock is taken.
    const ageMs = event.created / 1000 - before;
    assert(ageMs > -1_000 && ageMs < Date.now() - before + 1_000, `${ageMs} ms`);
  });
}

function act(db: Database, operation: string): Promise<void> {
  return perform(db, actor, refuseOperation, { operation, path: "/" });
}

async function listEvents(db: Database) {
  const rows = await db.selectFrom("event").select(["id", "created", "description", "details"]).orderBy("id").execute();
  return rows.map((row) => ({ ...row }));
}
