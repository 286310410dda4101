import assert from "node:assert/strict";
import { test } from "node:test";
import { freshDatabase, kinds } from "../../test/support/databases/databases.ts";
import { machine } from "../../test/support/worlds/database-world.ts";
import { refuseOperation } from "../audit/machine-actions.ts";
import { perform } from "../audit/perform.ts";
import type { Database } from "../database/database.ts";
import { watchLog } from "../events/streaming/log-watch.ts";
import { memoryCursor } from "./cursor.ts";
import { type Follower, follow } from "./follow.ts";
import { realTiming } from "./timing.ts";
import { Workers } from "./workers.ts";
import { until } from "../../test/support/until.ts";

const log = { info() {}, error() {} };

async function record(db: Database, count: number): Promise<void> {
  const acts = Array.from({ length: count }, () =>
    perform(db, machine, refuseOperation, { operation: "x", path: "/" }),
  );
  await Promise.all(acts);
}

/** A follower that writes down what it gets, and can be waited for. */
function collector(more: Partial<Follower> = {}) {
  const batches: (readonly number[])[] = [];
  let grown = Promise.withResolvers<void>();
  const follower: Follower = {
    name: "test",
    runs: "once",
    batchMax: 10,
    startsAt: "beginning",
    complaint: "the test's work failed",
    async work(events) {
      batches.push(events.map(({ id }) => id));
      grown.resolve();
      grown = Promise.withResolvers();
    },
    ...more,
  };
  const ids = (): readonly number[] => batches.flat();
  return {
    follower,
    batches,
    ids,
    async until(lastId: number): Promise<void> {
      while (!ids().includes(lastId)) await grown.promise;
    },
  };
}

const upTo = (last: number, first = 1): readonly number[] =>
  Array.from({ length: last - first + 1 }, (_, at) => first + at);

/** Runs it in a server's way until `work` is done. */
async function following(
  db: Database,
  follower: Follower,
  work: (workers: Workers) => Promise<void>,
  cursor = follower.runs === "everyServer" ? memoryCursor() : undefined,
): Promise<void> {
  await using workers = new Workers({ db, leases: undefined, log });
  const watch = watchLog(db);
  workers.add(watch.worker);
  workers.add(follow(follower, { db, watch, ...(cursor !== undefined && { cursor }) }));
  await workers.start("http://localhost");
  await work(workers);
}

for (const kind of kinds) {
  test(`a follower gets every event once, in order, in batches, and goes on after a restart where it was (${kind})`, async () => {
    await using fresh = await freshDatabase(kind);
    const { db } = fresh;
    await record(db, 25);
    const one = collector();
    await following(db, one.follower, async (workers) => {
      await one.until(25);
      await record(db, 3);
      await one.until(28);
      const stopping = workers.stop();
      await stopping;
      const shown = (await workers.list()).find(({ name }) => name === "test");
      assert.deepEqual(shown?.position, { cursor: 28, behind: 0 });
      assert.equal(shown.holder?.isThisServer, true);
    });
    assert.deepEqual(one.ids(), upTo(28));
    assert.deepEqual(one.batches.slice(0, 3), [upTo(10), upTo(20, 11), upTo(25, 21)]);
    await record(db, 2);
    const again = collector();
    await following(db, again.follower, () => again.until(30));
    assert.deepEqual(again.ids(), [29, 30]);
  });

  test(`a batch whose work fails comes again as it was, and the cursor stays before it (${kind})`, async () => {
    await using fresh = await freshDatabase(kind);
    const { db } = fresh;
    await record(db, 12);
    const one = collector();
    const { work } = one.follower;
    let failures = 1;
    const broken = {
      ...one.follower,
      backOffMsMax: 1,
      async work(...given: Parameters<typeof work>) {
        await work(...given);
        if (given[0][0]?.id === 11 && (failures -= 1) >= 0) throw new Error("the receiver is down");
      },
    };
    await following(db, broken, async (workers) => {
      const show = async () => (await workers.list()).find(({ name }) => name === "test");
      await until(async () => (await show())?.state === "failing");
      const { position, trouble, state } = (await show()) ?? {};
      assert.deepEqual([position, state], [{ cursor: 10, behind: 2 }, "failing"]);
      assert.equal(trouble?.why, "the receiver is down");
    });
    await following(db, broken, async () => {
      await until(() => one.batches.length >= 3);
    });
    assert.deepEqual(one.batches, [upTo(10), [11, 12], [11, 12]]);
  });

  test(`a follower that starts at the end gets what comes, also if nothing had when it was stopped (${kind})`, async () => {
    await using fresh = await freshDatabase(kind);
    const { db } = fresh;
    await record(db, 5);
    const one = collector({ startsAt: "end" });
    await following(db, one.follower, async (workers) => {
      const positionOf = async () => (await workers.list()).find(({ name }) => name === "test")?.position ?? null;
      await until(async () => (await positionOf()) !== null);
      assert.deepEqual(await positionOf(), { cursor: 5, behind: 0 });
    });
    await record(db, 1);
    await following(db, one.follower, () => one.until(6));
    assert.deepEqual(one.ids(), [6]);
  });

  test(`a cursor that names an event of another history begins again and skips nothing (${kind})`, async () => {
    await using fresh = await freshDatabase(kind);
    const { db } = fresh;
    await record(db, 8);
    const one = collector();
    await following(db, one.follower, () => one.until(8));
    for (const place of ["5, leaf_hash = (select leaf_hash from event where id = 4)", "100"]) {
      await fresh.meddle(`update worker_cursor set event_id = ${place} where worker = 'test'`);
      const again = collector();
      await following(db, again.follower, () => again.until(8));
      assert.deepEqual(again.ids(), upTo(8));
    }
  });

  test(`a worker of every server has a cursor of its own, which ends with it (${kind})`, async () => {
    await using fresh = await freshDatabase(kind);
    const { db } = fresh;
    await record(db, 3);
    for (let round = 0; round < 2; round += 1) {
      const one = collector({ runs: "everyServer" });
      await following(db, one.follower, () => one.until(3));
      assert.deepEqual(one.ids(), upTo(3));
    }
    assert.deepEqual(await fresh.meddle("select * from worker_cursor"), []);
    const parts = { db, watch: watchLog(db) };
    assert.throws(() => follow(collector({ runs: "everyServer" }).follower, parts), /give it a cursor of its own/);
  });
}

test("a follower whose work another server does sleeps out its pauses, however far the log has grown", async () => {
  await using fresh = await freshDatabase("sqlite");
  const { db } = fresh;
  await record(db, 3);
  const slept: number[] = [];
  const timing = { ...realTiming, sleep: async (ms: number) => void slept.push(ms) };
  const watch = { growBeyond: () => Promise.reject(new Error("the log was watched")) };
  const worker = follow(collector().follower, { db, watch, timing });
  await worker.standBy?.();
  await worker.rest?.(5_000, new AbortController().signal);
  assert.deepEqual(slept, [5_000]);
});
