import assert from "node:assert/strict";
import { test } from "node:test";
import { Refusal } from "../../refusal.ts";
import { Unrecorded } from "../../http/authentication/unrecorded.ts";
import { AccountSlowing } from "./account-slowing.ts";
import { LoginLimiter } from "./login-limiter.ts";

/** Fails until the limiter says no; gives how often it did not. */
function failuresLetThrough(
  limiter: LoginLimiter,
  ip: (attempt: number) => string,
  name: (attempt: number) => string,
): number {
  for (let attempt = 0; attempt < 1_000; attempt += 1) {
    try {
      limiter.admit(ip(attempt), name(attempt), 0).failed();
    } catch (error) {
      assert(error instanceof Refusal);
      assert.equal(error.code, "too_many_requests");
      assert.ok((error.retryAfterSeconds ?? 0) > 0);
      return attempt;
    }
  }
  return 1_000;
}

test("one account gets 10 wrong passwords from one address, all accounts together 30", () => {
  assert.equal(
    failuresLetThrough(
      new LoginLimiter(new Unrecorded()),
      () => "192.0.2.1",
      () => "ada",
    ),
    10,
  );
  assert.equal(
    failuresLetThrough(
      new LoginLimiter(new Unrecorded()),
      () => "192.0.2.1",
      (attempt) => `user${attempt}`,
    ),
    30,
  );
});

test("addresses of one /64 count as one", () => {
  const limiter = new LoginLimiter(new Unrecorded());
  assert.equal(
    failuresLetThrough(
      limiter,
      (attempt) => `2001:db8::${attempt}`,
      (attempt) => `user${attempt}`,
    ),
    30,
  );
  limiter.admit("2001:db8:0:1::1", "user1", 0);
});

for (const [network, address, beyond] of [
  ["/48", (attempt: number) => `2001:db8:1:${attempt.toString(16)}::1`, "2001:db8:2::1"],
  ["/24", (attempt: number) => `192.0.2.${attempt}`, "192.0.3.1"],
] as const) {
  test(`all addresses of one ${network} together get 100 wrong passwords, but not one that is known`, () => {
    const limiter = new LoginLimiter(new Unrecorded());
    assert.equal(
      failuresLetThrough(limiter, address, () => "admin"),
      100,
    );
    limiter.admit(beyond, "admin", 0);
    limiter.admit(address(200), "admin", 0, { isKnown: true });
  });
}

test("beyond 50 wrong passwords an account is slowed down by at most 5 seconds, for strangers alone", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const limiter = new LoginLimiter(new Unrecorded());
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const admitted = limiter.admit(`10.0.${attempt}.1`, "ada", 0);
    await admitted.turn();
    admitted.failed();
  }
  const ended: number[] = [];
  const slowed = Array.from({ length: 40 }, async (_, at) => {
    await limiter.admit(`10.1.${at}.1`, "ada", 0).turn();
    ended.push(at);
  });
  await limiter.admit("192.0.2.1", "ada", 0, { isKnown: true }).turn();
  await limiter.admit("192.0.2.1", "bob", 0).turn();
  assert.deepEqual(ended, []);
  t.mock.timers.tick(200);
  await slowed[0];
  assert.deepEqual(ended, [0]);
  t.mock.timers.tick(4_800);
  await Promise.all(slowed);
});

test("no more than 2,000 attempts wait at once", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const slowing = new AccountSlowing();
  const waiting = Array.from({ length: 2_000 }, (_, at) => slowing.wait(`account ${at}`));
  await assert.rejects(slowing.wait("ada"), { code: "queue_full" });
  t.mock.timers.tick(5_000);
  await Promise.all(waiting);
  const next = slowing.wait("ada");
  t.mock.timers.tick(5_000);
  await next;
});

test("nobody locks an account for others: another address goes on", () => {
  const limiter = new LoginLimiter(new Unrecorded());
  failuresLetThrough(
    limiter,
    () => "192.0.2.1",
    () => "admin",
  );
  assert.doesNotThrow(() => limiter.admit("192.0.2.2", "admin", 0));
});

test("right passwords do not count", () => {
  const limiter = new LoginLimiter(new Unrecorded());
  for (let attempt = 0; attempt < 100; attempt += 1) limiter.admit("192.0.2.1", "ada", 0).succeeded();
});

test("attempts that are still being checked count already", () => {
  const limiter = new LoginLimiter(new Unrecorded());
  for (let attempt = 0; attempt < 10; attempt += 1) limiter.admit("192.0.2.1", "ada", 0);
  assert.throws(() => limiter.admit("192.0.2.1", "ada", 0), { code: "too_many_requests" });
});

test("beyond the ceiling failures are counted instead of recorded, with what was turned away", () => {
  const unrecorded = new Unrecorded();
  const limiter = new LoginLimiter(unrecorded);
  let recorded = 0;
  for (let attempt = 0; attempt < 150; attempt += 1) {
    if (limiter.admit(`10.0.${attempt}.1`, "ada", 0, { account: "ada" }).failed()) recorded += 1;
  }
  assert.equal(recorded, 100);
  const blocked = unrecorded.take();
  assert(blocked !== undefined);
  assert.equal(blocked.attempts, 50);
  assert.deepEqual(blocked.byKind, { logins: 50, tokens: 0, operations: 0 });
  assert.equal(blocked.addresses.most.length, 20);
  assert.equal(blocked.addresses.others, 30);
  assert.deepEqual(blocked.accounts, { most: [{ name: "ada", attempts: 50 }], others: 0 });
  assert.equal(unrecorded.take(), undefined);
  unrecorded.putBack(blocked);
  assert.deepEqual(unrecorded.take(), blocked);
});
