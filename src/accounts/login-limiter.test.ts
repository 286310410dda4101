import assert from "node:assert/strict";
import { test } from "node:test";
import { Refusal } from "../refusal.ts";
import { Unrecorded } from "../http/unrecorded.ts";
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
    if (limiter.admit(`10.0.${attempt}.1`, "ada", 0).failed()) recorded += 1;
  }
  assert.equal(recorded, 100);
  const blocked = unrecorded.take();
  assert(blocked !== undefined);
  assert.equal(blocked.attempts, 50);
  assert.deepEqual(blocked.byKind, { logins: 50, tokens: 0, operations: 0 });
  assert.equal(Object.keys(blocked.byAddress).length, 20);
  assert.equal(unrecorded.take(), undefined);
  unrecorded.putBack(blocked);
  assert.deepEqual(unrecorded.take(), blocked);
});
