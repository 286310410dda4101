import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { Refusal } from "../../refusal.ts";
import { nonceRememberSeconds } from "../../database/nonces.ts";
import { NonceMemory } from "./nonce-memory.ts";

test("a nonce is good once for each consumer and token", () => {
  const memory = new NonceMemory({ capacity: 100 });
  assert.equal(memory.use("c", "t", "n", 0), true);
  assert.equal(memory.use("c", "t", "n", 0), false);
  assert.equal(memory.use("c", "u", "n", 0), true);
  assert.equal(memory.use("d", "t", "n", 0), true);
  assert.equal(memory.use("c", "t", "m", 0), true);
  assert.equal(memory.use("ct", "", "n", 0), true);
});

test("a nonce is remembered as long as any timestamp sent with it is good", () => {
  const memory = new NonceMemory({ capacity: 100 });
  memory.use("c", "t", "n", 1_000);
  assert.equal(memory.use("c", "t", "n", 1_000 + nonceRememberSeconds), false);
  assert.equal(memory.use("c", "t", "n", 1_001 + nonceRememberSeconds), true);
});

test("a full memory refuses rather than forgets, and says when there may be room", () => {
  const memory = new NonceMemory({ capacity: 2, capacityPerKey: 2, rememberSeconds: 300 });
  memory.use("c", "t", "1", 0);
  memory.use("d", "u", "2", 10);
  assert.throws(
    () => memory.use("e", "v", "3", 20),
    (error) => error instanceof Refusal && error.code === "queue_full" && error.retryAfterSeconds === 280,
  );
  assert.equal(memory.use("c", "t", "1", 20), false);
  assert.equal(memory.use("e", "v", "3", 301), true);
  assert.equal(memory.use("d", "u", "2", 301), false);
});

test("one key's share can be full while others have room", () => {
  const memory = new NonceMemory({ capacity: 8, rememberSeconds: 300 });
  memory.use("c", "t", "1", 0);
  memory.use("c", "t", "2", 0);
  assert.throws(
    () => memory.use("c", "t", "3", 0),
    (error) => error instanceof Refusal && error.code === "too_many_requests" && error.retryAfterSeconds === 300,
  );
  assert.equal(memory.use("c", "u", "3", 0), true);
  assert.equal(memory.use("c", "t", "3", 301), true);
});

test("what expired is forgotten, so that memory does not grow", () => {
  const memory = new NonceMemory({ capacity: 1_000, rememberSeconds: 300 });
  for (let second = 0; second < 5_000; second += 2) memory.use("c", `t${second}`, "n", second);
  assert(memory.size <= 151, `${memory.size}`);
});

test("for any uses in order of time, each answer is what a list of all uses says", () => {
  const use = fc.record({ key: fc.nat(2), nonce: fc.nat(5), waitSeconds: fc.nat(8) });
  fc.assert(
    fc.property(fc.array(use, { maxLength: 200 }), (uses) => {
      const memory = new NonceMemory({ capacity: 1_000, capacityPerKey: 1_000, rememberSeconds: 10 });
      const accepted = new Map<string, number>();
      let now = 0;
      for (const { key, nonce, waitSeconds } of uses) {
        now += waitSeconds;
        const last = accepted.get(`${key} ${nonce}`);
        const isNew = last === undefined || now - last > 10;
        assert.equal(memory.use("c", String(key), String(nonce), now), isNew);
        if (isNew) accepted.set(`${key} ${nonce}`, now);
      }
    }),
  );
});

test("a clock set back makes no used nonce good again", () => {
  const memory = new NonceMemory({ capacity: 10, rememberSeconds: 300 });
  memory.use("c", "t", "1", 1_000);
  memory.use("c", "t", "2", 500);
  assert.equal(memory.use("c", "t", "1", 500), false);
  assert.equal(memory.use("c", "t", "2", 801), true);
});
