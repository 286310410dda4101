import assert from "node:assert/strict";
import { test } from "node:test";
import { Refusal } from "../../refusal.ts";
import { HashingQueue } from "./hashing-queue.ts";

/** Work that ends when told to, and notes that it began. */
function workThatWaits(begun: string[]) {
  const gates = new Map<string, PromiseWithResolvers<string>>();
  return {
    work: (name: string) => () => {
      begun.push(name);
      const gate = Promise.withResolvers<string>();
      gates.set(name, gate);
      return gate.promise;
    },
    end: (name: string) => gates.get(name)?.resolve(name),
    fail: (name: string) => gates.get(name)?.reject(new Error(name)),
  };
}

test("work runs two at a time, first come first served", async () => {
  const begun: string[] = [];
  const { work, end } = workThatWaits(begun);
  const queue = new HashingQueue({ concurrency: 2, waitingMax: 64 });
  const all = ["a", "b", "c", "d"].map((name) => queue.run(work(name)));
  await Promise.resolve();
  assert.deepEqual(begun, ["a", "b"]);
  end("b");
  assert.equal(await all[1], "b");
  await Promise.resolve();
  assert.deepEqual(begun, ["a", "b", "c"]);
  end("a");
  await all[0];
  end("c");
  await all[2];
  end("d");
  assert.deepEqual(await Promise.all(all), ["a", "b", "c", "d"]);
});

test("work beyond what may wait is refused at once, and the rest is not disturbed", async () => {
  const begun: string[] = [];
  const { work, end } = workThatWaits(begun);
  const queue = new HashingQueue({ concurrency: 1, waitingMax: 1 });
  const running = queue.run(work("a"));
  const waiting = queue.run(work("b"));
  await assert.rejects(
    queue.run(work("c")),
    (error) => error instanceof Refusal && error.code === "queue_full" && (error.retryAfterSeconds ?? 0) > 0,
  );
  end("a");
  await running;
  await Promise.resolve();
  end("b");
  assert.equal(await waiting, "b");
  assert.deepEqual(begun, ["a", "b"]);
});

test("failed work is the caller's to know and hands its turn on", async () => {
  const { work, fail } = workThatWaits([]);
  const queue = new HashingQueue({ concurrency: 1, waitingMax: 4 });
  const failing = queue.run(work("a"));
  const next = queue.run(async () => "b");
  await Promise.resolve();
  fail("a");
  await assert.rejects(failing, { message: "a" });
  assert.equal(await next, "b");
  await assert.rejects(
    queue.run(() => {
      throw new Error("c");
    }),
    { message: "c" },
  );
  assert.equal(await queue.run(async () => "d"), "d");
});

test("known callers have places of their own and every second turn, a bounded number each", async () => {
  const begun: string[] = [];
  const { work, end } = workThatWaits(begun);
  const queue = new HashingQueue({ concurrency: 1, waitingMax: 2, keptMax: 3, keptPerCallerMax: 2 });
  const strangers = ["s1", "s2", "s3"].map((name) => queue.run(work(name)));
  await assert.rejects(queue.run(work("s4")), { code: "queue_full" });
  const known = ["k1", "k2"].map((name) => queue.run(work(name), "ada"));
  await assert.rejects(queue.run(work("k3"), "ada"), { code: "queue_full" });
  known.push(queue.run(work("b1"), "bob"));
  await assert.rejects(queue.run(work("b2"), "bob"), { code: "queue_full" });
  for (const name of ["s1", "k1", "s2", "k2", "s3", "b1"]) {
    assert.equal(begun.at(-1), name);
    end(name);
    await new Promise(setImmediate);
  }
  await Promise.all([...strangers, ...known]);
});
