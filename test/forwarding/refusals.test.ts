import assert from "node:assert/strict";
import { test } from "node:test";
import { perform } from "../../src/audit/perform.ts";
import type { Database } from "../../src/database/database.ts";
import { deadLettersAfter } from "../../src/forwarding/delivery/dead-letters.ts";
import { readDeliveryPosition } from "../../src/forwarding/delivery/position.ts";
import {
  pauseDestination,
  replayDestination,
  resumeDestination,
} from "../../src/forwarding/destinations/destination-actions.ts";
import { getDestination } from "../../src/forwarding/destinations/destination-queries.ts";
import { type FreshDatabase, freshDatabase } from "../support/databases/databases.ts";
import { forEachKind } from "../support/each-kind.ts";
import { delivering, destinationTo, FakeReceiver, FastTiming, record } from "../support/forwarding/delivering.ts";
import { until } from "../support/until.ts";
import { machine } from "../support/worlds/database-world.ts";

const eventsOf = (db: Database, action: string) =>
  db.selectFrom("event").selectAll().where("action", "=", action).orderBy("id").execute();

const positionOf = async (db: Database) => readDeliveryPosition(db, await getDestination(db, "siem"));
const letters = async (db: Database) => (await deadLettersAfter(db, { id: 1 }, 0, 100)).map(({ event_id: id }) => id);

forEachKind((kind) => {
  const testIt = (what: string, run: (db: Database, receiver: FakeReceiver, timing: FastTiming) => Promise<void>) =>
    test(what, async () => {
      await using fresh: FreshDatabase = await freshDatabase(kind);
      await run(fresh.db, new FakeReceiver(), new FastTiming());
    });

  testIt(
    "who refuses everything is failing and stalls, and the log says what was refused",
    async (db, receiver, timing) => {
      await record(db, 2);
      await destinationTo(db);
      receiver.poison = new Set(Array.from({ length: 1_000 }, (_, at) => at + 1));
      await delivering(db, receiver, timing, async () => {
        await until(async () => (await letters(db)).length >= 3);
        const { failing_since: since, last_error: why } = (await positionOf(db)) ?? {};
        assert.equal(why, "the receiver refuses this");
        assert.notEqual(since ?? null, null);
        timing.nowMicros += 600_000_000;
        await record(db, 1);
        await until(async () => (await eventsOf(db, "delivery.stall")).length === 1);
      });
      const told = (await eventsOf(db, "delivery.reject")).map(({ description }) => description);
      assert.ok(told.includes("'siem' refused 1 of event 1 for good."), told.join("; "));
      // What is told of refusals is refused as well, and told of no more.
      assert.ok(told.length <= 4, told.join("; "));
    },
  );

  testIt("a receipt counts what was acknowledged, and no dead letter", async (db, receiver, timing) => {
    await record(db, 4);
    await destinationTo(db);
    receiver.unwanted = new Set([2, 3]);
    await delivering(db, receiver, timing, async () => {
      await until(async () => ((await positionOf(db))?.event_id ?? 0) >= 5);
      timing.nowMicros += 3_600_000_000;
      await record(db, 1);
      await until(async () => (await eventsOf(db, "delivery.receipt")).length === 1);
    });
    const [receipt] = await eventsOf(db, "delivery.receipt");
    // Events 1, 4, 5, and what was recorded last; not 2 and 3.
    assert.match(receipt?.details ?? "", /"delivered":[34],/);
  });

  testIt("a dead letter that is taken in a replay is none any more", async (db, receiver, timing) => {
    await record(db, 4);
    await destinationTo(db, { exclude: ["action:delivery.*"] });
    receiver.unwanted = new Set([2, 4]);
    await delivering(db, receiver, timing, async () => {
      await until(async () => (await letters(db)).length === 2);
      receiver.unwanted = new Set([4]);
      await perform(db, machine, replayDestination, { name: "siem", startsAfter: 0, now: (timing.nowMicros += 1) });
      await until(async () => (await letters(db)).length === 1);
    });
    assert.deepEqual(await letters(db), [4]);
  });

  testIt("what failed before a pause is no part of ten minutes without progress", async (db, receiver, timing) => {
    await record(db, 1);
    await destinationTo(db);
    receiver.fail = () => new Error("connection refused");
    await delivering(db, receiver, timing, async () => {
      await until(async () => (await positionOf(db))?.last_error === "connection refused");
      const pause = { name: "siem", why: "administrator", now: (timing.nowMicros += 1) } as const;
      await perform(db, machine, pauseDestination, pause);
      await until(() => receiver.closed === receiver.opened);
      timing.nowMicros += 3_600_000_000;
      await perform(db, machine, resumeDestination, { name: "siem", now: (timing.nowMicros += 1) });
      const before = receiver.arrived.length;
      await until(() => receiver.arrived.length > before + 2);
    });
    assert.deepEqual(await eventsOf(db, "delivery.stall"), []);
  });
});
