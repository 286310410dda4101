import assert from "node:assert/strict";
import { test } from "node:test";
import { run, testLease, testTiming } from "../../test/support/following/run-worker.ts";
import { backOffMs } from "../back-off.ts";
import { RunningWorker } from "./running-worker.ts";
import { GaveUp, type Rest, type Turn, type Worker } from "./worker.ts";

const pause = async (): Promise<Rest> => "pause";

test("a worker takes a turn after each pause, at once where it is eager, and counts", async () => {
  let turns = 0;
  await using one = run({ turn: async () => ((turns += 1), "pause") satisfies Rest }).running;
  assert.equal(one.status.turns, 0);
  const eager = run({ isEager: true, turn: pause });
  assert.equal((await eager.sleep(0)).ms, 100);
  const { turns: taken, failures, state, lastTurn, trouble } = eager.running.status;
  assert.deepEqual([taken, failures, state, trouble], [1, 0, "running", null]);
  assert.ok(lastTurn !== null);
  (await eager.sleep(0)).end();
  await eager.sleep(1);
  assert.equal(eager.running.status.turns, 2);
  await eager.running.stop();
  assert.equal(eager.running.status.state, "stopped");
  assert.equal(turns, 0);
});

test("after failures it waits longer and longer, logs the first alone, and says since when it has trouble", async () => {
  let isBroken = true;
  const one = run({
    isEager: true,
    backOffMsMax: 500,
    turn: async () => {
      if (isBroken) throw new Error("no room\nat all");
      return "pause";
    },
  });
  const waits: number[] = [];
  for (let nth = 0; nth < 5; nth += 1) {
    const sleep = await one.sleep(nth);
    waits.push(sleep.ms);
    if (nth === 4) break;
    sleep.end();
  }
  assert.deepEqual(waits, [100, 200, 400, 500, 500]);
  const { state, trouble, turns, failures } = one.running.status;
  assert.deepEqual([state, trouble?.why, turns, failures], ["failing", "no room at all", 5, 5]);
  assert.deepEqual(one.logged, ["it failed"]);
  assert.deepEqual(
    one.calls.filter((call) => call !== "answer"),
    ["rest for 10000"],
    "others may try",
  );
  isBroken = false;
  one.running.wake();
  assert.equal(one.running.status.failures, 5, "what wakes it doesn't shorten the wait after a failure");
  (await one.sleep(4)).end();
  assert.equal((await one.sleep(5)).ms, 100);
  assert.equal(one.running.status.trouble, null);
  assert.deepEqual(one.logged, ["it failed", "a worker that had failed works again"]);
  await one.running.stop();
});

test("a wait after failures is shortened by chance, and never longer than its limit", () => {
  assert.equal(backOffMs(1, 100, 1_000, 1), 50);
  assert.equal(backOffMs(3, 100, 1_000, 0.5), 300);
  assert.equal(backOffMs(10_000, 100, 1_000, 0), 1_000);
  assert.equal(backOffMs(2, 5_000, 1_000, 0), 5_000, "nor shorter than the pause");
});

test("stopping aborts the turn in flight, waits for it, and takes a final turn with all that it asks for", async () => {
  const seen: string[] = [];
  const begun = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  let left = 2;
  const one = run({
    isEager: true,
    hasFinalTurn: true,
    async turn({ signal }) {
      seen.push(signal.aborted ? "aborted" : "fine");
      if (seen.length > 1) return (left -= 1) > 0 ? "more" : "pause";
      begun.resolve();
      await gate.promise;
      seen.push(signal.aborted ? "aborted" : "fine");
      throw new Error("told to end");
    },
  });
  await begun.promise;
  const stopped = one.running.stop();
  let hasStopped = false;
  void stopped.then(() => (hasStopped = true));
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(hasStopped, false);
  gate.resolve();
  await stopped;
  assert.deepEqual(seen, ["fine", "aborted", "fine", "fine"]);
  assert.equal(one.running.status.trouble, null, "it is no failure to end when told to");
  assert.equal(one.running.stop(), stopped, "there is one end");
});

test("without the lease it stands by; a lease that is lost ends the turn, and is no failure", async () => {
  const begun = Promise.withResolvers<void>();
  let stoodBy = 0;
  const one = run({
    isEager: true,
    async turn({ signal }) {
      begun.resolve();
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
      throw new Error("lost");
    },
    standBy: async () => void (stoodBy += 1),
  });
  await begun.promise;
  one.lose();
  (await one.sleep(0)).end();
  await one.sleep(1);
  assert.deepEqual([stoodBy, one.running.status.state, one.running.status.failures], [1, "standby", 0]);
  one.gain();
  (await one.sleep(1)).end();
  while (one.running.status.state === "standby") await new Promise((resolve) => setImmediate(resolve));
  assert.equal(one.running.status.state, "running");
  await one.running.stop();
});

test("what it stood by for with trouble is no trouble once another server does it", async () => {
  const one = run({ isEager: true, turn: () => Promise.reject(new Error("away")) });
  const first = await one.sleep(0);
  assert.equal(one.running.status.state, "failing");
  one.lose();
  first.end();
  await one.sleep(1);
  assert.equal(one.running.status.state, "standby");
  await one.running.stop();
});

test("a worker that gives up takes no more turns, lets its lease go and leaves the log to the one that told it", async () => {
  const one = run({ isEager: true, hasFinalTurn: true, turn: () => Promise.reject(new GaveUp("in doubt")) });
  while (one.running.status.state !== "gave_up") await new Promise((resolve) => setImmediate(resolve));
  assert.equal(one.running.status.trouble?.why, "in doubt");
  assert.ok(one.calls.includes("rest for Infinity"));
  await one.running.stop();
  assert.deepEqual([one.running.status.turns, one.logged, one.sleeps], [1, [], []]);
});

test("a request ends any rest, is told to the turn once, and is answered when that has ended", async () => {
  const requests: boolean[] = [];
  const fails = [true, false, false];
  const one = run({
    isEager: true,
    async turn(turn: Turn) {
      requests.push(turn.takeRequest());
      if (fails[requests.length - 1] === true) throw new Error("not yet");
      return "until woken";
    },
  });
  await one.sleep(0);
  one.calls.length = 0;
  one.running.request();
  assert.equal(one.running.isRequested, true);
  while (requests.length < 2) await new Promise((resolve) => setImmediate(resolve));
  one.running.wake();
  while (requests.length < 3) await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(requests, [false, true, false]);
  assert.equal(one.running.isRequested, false);
  assert.deepEqual(one.calls, ["answer", "answer"]);
  await one.running.stop();
});

test("a worker that never began takes its final turn all the same; a rest that fails ends no worker", async () => {
  const { timing, ...time } = testTiming();
  const { lease } = testLease();
  const log = { error() {}, info() {} };
  let turns = 0;
  const worker: Worker = {
    name: "test",
    runs: "once",
    pauseMs: 100,
    complaint: "it failed",
    hasFinalTurn: true,
    turn: async () => ((turns += 1), "pause") satisfies Rest,
    rest: () => Promise.reject(new Error("no rest")),
  };
  await new RunningWorker(worker, { lease, log, timing }).stop();
  assert.equal(turns, 1);
  const running = new RunningWorker(worker, { lease, log, timing });
  running.start();
  // The pause after a failure is a timer's.
  (await time.sleep(0)).end();
  await time.sleep(1);
  assert.equal(running.status.failures, 2);
  await running.stop();
});

test("a worker that this server can't run never begins, and says so", async () => {
  const one = run({ unfit: "no key", isEager: true, turn: pause });
  assert.equal(one.running.status.state, "unable");
  await one.running.stop();
  assert.equal(one.running.status.turns, 0);
});

test("what a worker holds goes when its lease is another server's, also where it is back before the next turn, and at the end", async () => {
  let released = 0;
  let turns = 0;
  const told: number[] = [];
  const one = run({
    isEager: true,
    async turn() {
      turns += 1;
      told.push(released);
      return "pause";
    },
    async release() {
      released += 1;
    },
  });
  (await one.sleep(0)).end();
  await one.sleep(1);
  // The second turn goes on with what the first one held.
  assert.deepEqual(told, [1, 1]);
  one.lose();
  one.gain();
  (await one.sleep(1)).end();
  await one.sleep(2);
  assert.deepEqual(told, [1, 1, 2]);
  one.lose();
  (await one.sleep(2)).end();
  await one.sleep(3);
  assert.deepEqual([released, turns], [3, 3]);
  await one.running.stop();
  assert.equal(released, 4);
});
