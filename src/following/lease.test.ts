import assert from "node:assert/strict";
import { test } from "node:test";
import type { LeaseSession, RequestedWork, SharedLeases, StoredLease, ToldLease } from "../database/leases.ts";
import { Leases } from "./lease.ts";
import type { Timing, Turn, Worker } from "./worker.ts";

const turn: Turn = {
  signal: new AbortController().signal,
  keepBooks: () => Promise.reject(new Error("no books here")),
  learnRequests: async () => {},
  takeRequest: () => false,
  isFinal: false,
};
const work = (name: string, more: Partial<Worker> = {}): Worker => ({
  name,
  runs: "once",
  pauseMs: 1,
  complaint: "it failed",
  turn: async () => "pause",
  ...more,
});

/** A database whose answers the test gives. */
function world() {
  let steadyMs = 0;
  const calls: string[] = [];
  const held = new Map<string, "here" | "there">();
  const at: { fails: boolean; requests: readonly RequestedWork[]; lose(): void } = {
    fails: false,
    requests: [],
    lose() {},
  };
  const told: (readonly ToldLease[])[] = [];
  const session: LeaseSession = {
    async take(names) {
      const free = names.filter((name) => !held.has(name));
      for (const name of free) held.set(name, "here");
      calls.push(`take ${names.join(" ")}`);
      return free;
    },
    async release(name) {
      held.delete(name);
      calls.push(`release ${name}`);
    },
    async beat(statuses) {
      if (at.fails) throw new Error("the connection broke");
      calls.push("beat");
      told.push(statuses);
      return at.requests;
    },
    // What it writes with is for the test of who may write.
    keepBooks: (write) => write(undefined as never),
    async [Symbol.asyncDispose]() {
      calls.push("dispose");
      for (const [name, where] of held) if (where === "here") held.delete(name);
    },
  };
  const shared: SharedLeases = {
    async open(onLost) {
      at.lose = onLost;
      return session;
    },
    read: async () =>
      [...held].map(([name]): StoredLease => ({
        name,
        isHeld: true,
        holder: null,
        since: 1,
        status: null,
        isRequested: false,
      })),
    request: async (name) => void calls.push(`request ${name}`),
  };
  const timing: Timing = { now: () => 7, steadyMs: () => steadyMs, sleep: async () => {}, random: () => 0 };
  const leases = new Leases(shared, timing, () => "this server");
  return {
    leases,
    calls,
    held,
    at,
    told,
    want: (worker: Worker, requested = (): void => {}) =>
      leases.want(worker, () => `status of ${worker.name}`, requested),
    /** Lets so many milliseconds pass, then takes the turn that takes leases and beats. */
    async pass(ms: number): Promise<void> {
      steadyMs += ms;
      await leases.worker.turn(turn);
    },
    freeze: (ms: number) => void (steadyMs += ms),
  };
}

test("what is free is taken and told at once; while another server has the rest, it beats all the same", async () => {
  const { want, pass, held, told, calls } = world();
  held.set("other", "there");
  const [signer, other] = [want(work("signer")), want(work("other"))];
  await pass(0);
  assert.equal(signer.held()?.since, 7);
  assert.deepEqual([other.held(), other.isElsewhere(), signer.isElsewhere()], [undefined, true, false]);
  assert.deepEqual(told, [[{ name: "signer", status: "status of signer", answered: 0 }]]);
  for (let second = 0; second < 6; second += 1) await pass(1_000);
  assert.equal(calls.filter((call) => call === "beat").length, 3);
  held.delete("other");
  await pass(1_000);
  assert.notEqual(other.held(), undefined);
});

test("a server that was frozen longer than the database waits holds nothing, before it hears of it", async () => {
  const { want, pass, freeze } = world();
  const signer = want(work("signer"));
  await pass(0);
  freeze(8_999);
  assert.notEqual(signer.held(), undefined);
  freeze(1);
  assert.equal(signer.held(), undefined);
});

test("with its connection a server loses all leases, and takes them again over the next one", async () => {
  const { want, pass, at, held } = world();
  const signer = want(work("signer"));
  await pass(0);
  const lost = signer.held()?.lost;
  held.clear();
  at.lose();
  assert.deepEqual([lost?.aborted, signer.held()], [true, undefined]);
  await pass(1_000);
  assert.equal(signer.held()?.lost.aborted, false);
});

test("after a beat that failed nobody knows what is held: the connection is ended", async () => {
  const { want, pass, at, calls } = world();
  const signer = want(work("signer"));
  await pass(0);
  const lost = signer.held()?.lost;
  at.fails = true;
  await assert.rejects(pass(3_000), /broke/);
  assert.deepEqual([lost?.aborted, signer.held(), calls.at(-1)], [true, undefined, "dispose"]);
});

test("what others ask for is asked once, and told as answered when it has been done", async () => {
  const { want, pass, at, told } = world();
  let requests = 0;
  at.requests = [{ name: "verifier", requested: 3, answered: 2 }];
  const verifier = want(work("verifier"), () => (requests += 1));
  await pass(0);
  await pass(3_000);
  assert.equal(requests, 1);
  assert.equal(told.at(-1)?.[0]?.answered, 0);
  verifier.answer();
  await pass(3_000);
  assert.equal(told.at(-1)?.[0]?.answered, 3);
  at.requests = [{ name: "verifier", requested: 4, answered: 3 }];
  await pass(3_000);
  assert.equal(requests, 2);
});

test("a lease that is let go for a while is left to others that long, then taken again", async () => {
  const { want, pass, held } = world();
  const signer = want(work("signer"));
  await pass(0);
  const lost = signer.held()?.lost;
  signer.restFor(10_000);
  assert.deepEqual([lost?.aborted, signer.held()], [true, undefined]);
  await pass(9_999);
  assert.equal(held.has("signer"), false);
  await pass(1);
  assert.equal(held.get("signer"), "here");
});

test("work that defers to other work is left to the server that does that one", async () => {
  const { want, pass, held } = world();
  const verifier = want(work("verifier", { defersTo: "signer" }));
  await pass(0);
  assert.notEqual(verifier.held(), undefined, "nobody does the other");
  held.set("signer", "there");
  await pass(1_000);
  assert.deepEqual([verifier.held(), verifier.isElsewhere(), held.has("verifier")], [undefined, true, false]);
  held.delete("signer");
  await pass(1_000);
  assert.notEqual(verifier.held(), undefined);
});

test("a lease that was let go writes nothing, though the session that held it lives on", async () => {
  const { leases } = world();
  const lease = leases.want(
    work("one"),
    () => "",
    () => {},
  );
  leases.want(
    work("two"),
    () => "",
    () => {},
  );
  await leases.takeFree();
  const held = lease.held();
  assert(held !== undefined);
  let written = 0;
  const write = async (): Promise<void> => void (written += 1);
  await held.keepBooks(write);
  lease.restFor(1_000);
  await assert.rejects(held.keepBooks(write), /the lease was lost/);
  assert.equal(written, 1);
});
