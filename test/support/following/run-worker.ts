import assert from "node:assert/strict";
import type { KeepBooks } from "../../../src/database/leases.ts";
import type { Held, LeaseOf } from "../../../src/following/lease.ts";
import { RunningWorker } from "../../../src/following/running-worker.ts";
import type { Timing, Worker } from "../../../src/following/worker.ts";

const keepBooks: KeepBooks = () => Promise.reject(new Error("no books here"));

/** A clock that tests move on: each sleep is told, and ends when the test says so. */
export function testTiming() {
  const sleeps: { readonly ms: number; end(): void }[] = [];
  let told = Promise.withResolvers<void>();
  const timing: Timing = {
    now: () => 1_000_000 + sleeps.length,
    steadyMs: () => 0,
    random: () => 0,
    sleep(ms, woken) {
      const { promise, resolve } = Promise.withResolvers<void>();
      if (woken.aborted) resolve();
      woken.addEventListener("abort", () => resolve());
      sleeps.push({ ms, end: resolve });
      told.resolve();
      told = Promise.withResolvers();
      return promise;
    },
  };
  /** The `nth` sleep, once it has begun. */
  const sleep = async (nth: number) => {
    while (sleeps.length <= nth) await told.promise;
    const one = sleeps[nth];
    assert(one !== undefined);
    return one;
  };
  return { timing, sleep, sleeps };
}

export function testLease() {
  const calls: string[] = [];
  let controller = new AbortController();
  let held: Held | undefined = { since: 1, lost: controller.signal, keepBooks };
  let isElsewhere = false;
  const lease: LeaseOf = {
    held: () => held,
    take: async () => held,
    learnRequests: async () => {},
    answer: () => void calls.push("answer"),
    isElsewhere: () => isElsewhere,
    restFor: (ms) => void calls.push(`rest for ${ms}`),
  };
  return {
    lease,
    calls,
    lose(): void {
      controller.abort();
      held = undefined;
      isElsewhere = true;
    },
    gain(): void {
      controller = new AbortController();
      held = { since: 2, lost: controller.signal, keepBooks };
      isElsewhere = false;
    },
  };
}

/** Runs a worker under a lease and a clock that the test moves. */
export function run(worker: Partial<Worker> & Pick<Worker, "turn">) {
  const { timing, ...time } = testTiming();
  const { lease, ...leasing } = testLease();
  const logged: string[] = [];
  const log = {
    error: (_details: object, sentence: string) => void logged.push(sentence),
    info: (_details: object, sentence: string) => void logged.push(sentence),
  };
  const full: Worker = { name: "test", runs: "once", pauseMs: 100, complaint: "it failed", ...worker };
  const running = new RunningWorker(full, { lease, log, timing });
  running.start();
  return { running, logged, ...time, ...leasing };
}
