import assert from "node:assert/strict";
import { test } from "node:test";
import { perform } from "../../src/audit/perform.ts";
import type { Database } from "../../src/database/database.ts";
import { deadLettersAfter } from "../../src/forwarding/delivery/dead-letters.ts";
import { readDeliveryPosition } from "../../src/forwarding/delivery/position.ts";
import { orderDeadLetters } from "../../src/forwarding/destinations/dead-letter-actions.ts";
import {
  pauseDestination,
  replayDestination,
  resumeDestination,
  updateDestination,
} from "../../src/forwarding/destinations/destination-actions.ts";
import { getDestination } from "../../src/forwarding/destinations/destination-queries.ts";
import { ReceiverGone, RetryLater } from "../../src/forwarding/transports/receiver.ts";
import { type FreshDatabase, freshDatabase } from "../support/databases/databases.ts";
import { takeGuardsOff } from "../support/databases/guards.ts";
import { forEachKind } from "../support/each-kind.ts";
import { delivering, destinationTo, FakeReceiver, FastTiming, record } from "../support/forwarding/delivering.ts";
import { until } from "../support/until.ts";
import { machine, now } from "../support/worlds/database-world.ts";

const upTo = (last: number, first = 1): readonly number[] =>
  Array.from({ length: last - first + 1 }, (_, at) => first + at);

const eventsOf = (db: Database, action: string) =>
  db.selectFrom("event").selectAll().where("action", "=", action).orderBy("id").execute();

async function deliveredTo(db: Database): Promise<number | undefined> {
  return (await readDeliveryPosition(db, await getDestination(db, "siem")))?.event_id;
}

forEachKind((kind) => {
  const testIt = (
    what: string,
    run: (fresh: FreshDatabase, receiver: FakeReceiver, timing: FastTiming) => Promise<void>,
  ) =>
    test(what, async () => {
      await using fresh = await freshDatabase(kind);
      await run(fresh, new FakeReceiver(), new FastTiming());
    });

  testIt(
    "every event arrives once, in order, and delivery goes on after a restart where it was",
    async ({ db }, receiver, timing) => {
      await record(db, 25);
      await destinationTo(db);
      await delivering(db, receiver, timing, () => until(() => receiver.kept.includes(26)));
      await record(db, 4);
      await delivering(db, receiver, timing, () => until(() => receiver.kept.includes(30)));
      assert.deepEqual(receiver.kept, upTo(30));
      assert.ok(receiver.arrived.every((batch) => batch.length <= receiver.batchMax));
      await until(async () => (await deliveredTo(db)) === 30);
      assert.equal(receiver.closed, receiver.opened);
    },
  );

  testIt("a batch that wasn't acknowledged comes again, and nothing is skipped", async ({ db }, receiver, timing) => {
    await record(db, 24);
    await destinationTo(db);
    let failures = 3;
    receiver.fail = (events) =>
      events.some(({ id }) => id === 15) && (failures -= 1) >= 0 ? new Error("the receiver hung up") : undefined;
    await delivering(db, receiver, timing, async () => {
      await until(() => receiver.kept.includes(25));
    });
    assert.deepEqual(receiver.kept, upTo(25));
    assert.equal(receiver.arrived.filter((batch) => batch.includes(15)).length, 4);
  });

  testIt(
    "an event that is refused for good becomes a dead letter after five tries, and the rest goes on",
    async ({ db }, receiver, timing) => {
      await record(db, 24);
      await destinationTo(db, { exclude: ["action:delivery.*"] });
      receiver.poison = new Set([7, 22]);
      receiver.unwanted = new Set([12]);
      await delivering(db, receiver, timing, () => until(async () => ((await deliveredTo(db)) ?? 0) >= 25));
      assert.deepEqual(
        receiver.kept.filter((id, at, all) => all.indexOf(id) === at),
        upTo(25).filter((id) => ![7, 12, 22].includes(id)),
      );
      const letters = await deadLettersAfter(db, { id: 1 }, 0, 10);
      assert.deepEqual(
        letters.map(({ event_id: id, why, tries }) => [id, why, tries]),
        [
          [7, "the receiver refuses this", 5],
          [12, "not this one", 5],
          [22, "the receiver refuses this", 5],
        ],
      );
      for (const id of [7, 12, 22]) {
        assert.equal(receiver.arrived.filter((batch) => batch.length === 1 && batch[0] === id).length >= 4, true);
      }
    },
  );

  testIt("dead letters are sent again or dropped when an administrator says so", async ({ db }, receiver, timing) => {
    await record(db, 9);
    await destinationTo(db, { exclude: ["action:delivery.*"] });
    receiver.unwanted = new Set([3, 5, 8]);
    const order = (does: "resend" | "drop", event: number | null) =>
      perform(db, machine, orderDeadLetters, { name: "siem", does, event, doneTo: 0, now: (timing.nowMicros += 1) });
    const left = async () => (await deadLettersAfter(db, { id: 1 }, 0, 10)).map(({ event_id: id }) => id);
    await delivering(db, receiver, timing, async () => {
      await until(async () => ((await deliveredTo(db)) ?? 0) >= 10);
      assert.deepEqual(await left(), [3, 5, 8]);
      receiver.unwanted = new Set([8]);
      await order("drop", 3);
      await until(async () => !(await left()).includes(3));
      assert.deepEqual(await left(), [5, 8]);
      await order("resend", null);
      await until(async () => (await deadLettersAfter(db, { id: 1 }, 7, 1))[0]?.tries === 6);
      assert.deepEqual(await left(), [8]);
    });
    assert.deepEqual(receiver.kept, [1, 2, 4, 6, 7, 9, 10, 5]);
  });

  testIt(
    "an edited filter holds of the events behind its edit, whenever those are sent",
    async ({ db }, receiver, timing) => {
      await destinationTo(db, { filter: ["action:operation.*"], isPaused: true });
      await record(db, 3);
      const edit = { name: "siem", settings: {}, secrets: {}, now: now + 1 };
      await perform(db, machine, updateDestination, { ...edit, filter: ["action:destination.*"] });
      await record(db, 3);
      await perform(db, machine, updateDestination, {
        ...edit,
        filter: ["action:operation.*"],
        exclude: ["outcome:success"],
      });
      await record(db, 2);
      await perform(db, machine, resumeDestination, { name: "siem", now: now + 2 });
      await delivering(db, receiver, timing, () => until(async () => (await deliveredTo(db)) === 12));
      // 1 created it; 2 to 4; 5 edited it; 6 to 8 don't match; 9 matches what held until then; 10 and 11.
      assert.deepEqual(receiver.kept, [2, 3, 4, 9, 10, 11]);
    },
  );

  testIt(
    "a paused destination gets nothing, goes on where it was, and can begin elsewhere",
    async ({ db }, receiver, timing) => {
      await destinationTo(db, { filter: ["action:operation.*"] });
      await record(db, 3);
      await delivering(db, receiver, timing, async () => {
        await until(() => receiver.kept.includes(4));
        await perform(db, machine, pauseDestination, { name: "siem", why: "administrator", now: now + 1 });
        await until(() => receiver.closed === 1);
        await record(db, 2);
        await perform(db, machine, resumeDestination, { name: "siem", now: now + 2 });
        await until(() => receiver.kept.includes(7));
        await perform(db, machine, replayDestination, { name: "siem", startsAfter: 2, now: now + 3 });
        await until(() => receiver.kept.length >= 9);
      });
      assert.deepEqual(receiver.kept, [2, 3, 4, 6, 7, 3, 4, 6, 7]);
      const [paused] = await eventsOf(db, "destination.pause");
      assert.match(paused?.details ?? "", /"delivered_to":4/);
    },
  );

  testIt("a receiver that is gone for good pauses its destination", async ({ db }, receiver, timing) => {
    await destinationTo(db);
    receiver.fail = () => new ReceiverGone("410");
    await delivering(db, receiver, timing, () => until(() => receiver.closed > 0));
    const { paused } = await getDestination(db, "siem");
    assert.equal(paused, "the receiver says that it is gone for good");
    assert.equal((await eventsOf(db, "destination.pause")).length, 1);
  });

  testIt("a receiver that asks for a pause gets it", async ({ db }, receiver, timing) => {
    await record(db, 1);
    await destinationTo(db);
    let failures = 1;
    receiver.fail = () => ((failures -= 1) >= 0 ? new RetryLater("429", 120_000) : undefined);
    await delivering(db, receiver, timing, () => until(() => receiver.kept.length > 0));
    assert.ok(timing.slept.some((ms) => ms > 100_000 && ms <= 120_000));
  });

  testIt(
    "once an hour a receipt says what was delivered, and receipts are no reason for another",
    async ({ db }, receiver, timing) => {
      await record(db, 3);
      await destinationTo(db);
      const hour = 3_600_000_000;
      await delivering(db, receiver, timing, async () => {
        await until(async () => (await deliveredTo(db)) === 4);
        assert.deepEqual(await eventsOf(db, "delivery.receipt"), []);
        timing.nowMicros += hour;
        await until(async () => (await eventsOf(db, "delivery.receipt")).length === 1);
        const [receipt] = await eventsOf(db, "delivery.receipt");
        const { leaf_hash: hash } = await db
          .selectFrom("event")
          .select("leaf_hash")
          .where("id", "=", 4)
          .executeTakeFirstOrThrow();
        assert.deepEqual(JSON.parse(receipt?.details ?? ""), {
          delivered: 4,
          delivered_to: 4,
          os_user: "tester",
          leaf_hash: Buffer.from(hash).toString("base64"),
        });
        await until(() => receiver.kept.includes(5));
        timing.nowMicros += 3 * hour;
        await record(db, 1);
        await until(async () => (await eventsOf(db, "delivery.receipt")).length === 2);
        timing.nowMicros += 3 * hour;
        const turns = timing.slept.length;
        await until(() => receiver.kept.includes(7) && timing.slept.length > turns);
      });
      assert.equal((await eventsOf(db, "delivery.receipt")).length, 2);
    },
  );

  testIt("ten minutes without progress are told once, and so is the end of them", async ({ db }, receiver, timing) => {
    await record(db, 3);
    await destinationTo(db);
    let isDown = true;
    receiver.fail = () => (isDown ? new Error("connection refused by siem:6514") : undefined);
    await delivering(db, receiver, timing, async () => {
      await until(() => receiver.arrived.length > 2);
      assert.deepEqual(await eventsOf(db, "delivery.stall"), []);
      timing.nowMicros += 600_000_000;
      await until(async () => (await eventsOf(db, "delivery.stall")).length > 0);
      const before = receiver.arrived.length;
      await until(() => receiver.arrived.length > before + 3);
      isDown = false;
      await until(async () => (await eventsOf(db, "delivery.recover")).length > 0);
    });
    const [stall, ...others] = await eventsOf(db, "delivery.stall");
    assert.deepEqual(others, []);
    assert.equal(stall?.outcome, "failure");
    assert.match(stall?.details ?? "", /connection refused by siem:6514/);
    assert.equal((await eventsOf(db, "delivery.recover")).length, 1);
  });

  testIt(
    "what takes the place of lost events is sent, from the last receipt on",
    async ({ db, meddle }, receiver, timing) => {
      await record(db, 6);
      await destinationTo(db);
      await delivering(db, receiver, timing, () => until(async () => (await deliveredTo(db)) === 7));
      await meddle("update destination_position set leaf_hash = receipt_hash where 1 = 0");
      const { leaf_hash: third } = await db
        .selectFrom("event")
        .select("leaf_hash")
        .where("id", "=", 3)
        .executeTakeFirstOrThrow();
      const hex = Buffer.from(third).toString("hex");
      const bytes = kind === "postgres" ? `'\\x${hex}'` : `x'${hex}'`;
      await meddle(`update destination_position set receipt_id = 3, receipt_hash = ${bytes}, leaf_hash = ${bytes}`);
      await delivering(db, receiver, timing, () => until(() => receiver.kept.length >= 11));
      assert.deepEqual(receiver.kept, [...upTo(7), 4, 5, 6, 7]);
    },
  );

  testIt("a destination that SQL has changed gets nothing", async (fresh, receiver, timing) => {
    const { db } = fresh;
    await record(db, 2);
    await destinationTo(db);
    const guardAgain = await takeGuardsOff({ kind, meddle: fresh.meddle }, "destination");
    await fresh.meddle(`update destination set settings = '{"url":"tcp://192.0.2.66:514"}'`);
    await guardAgain();
    await delivering(db, receiver, timing, async () => {
      await until(async () => (await eventsOf(db, "state.mismatch")).length > 0);
      await until(
        async () => (await readDeliveryPosition(db, await getDestination(db, "siem")))?.last_error !== undefined,
      );
    });
    assert.equal(receiver.opened, 0);
    const { last_error: why } = (await readDeliveryPosition(db, await getDestination(db, "siem"))) ?? {};
    assert.equal(why, "the settings of destination 'siem' were changed by SQL: delete it and create it again");
  });
});
