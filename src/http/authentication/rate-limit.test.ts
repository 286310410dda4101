import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { RateLimit } from "./rate-limit.ts";

test("a burst is let through, then one for each refill", () => {
  const limit = new RateLimit({ burst: 3, refillMs: 1_000 });
  assert.deepEqual(
    [0, 0, 0].map((now) => limit.take("a", now)),
    [0, 0, 0],
  );
  assert.equal(limit.take("a", 0), 1_000);
  assert.equal(limit.take("b", 0), 0);
  assert.equal(limit.take("a", 400), 600);
  assert.equal(limit.take("a", 1_000), 0);
  assert.equal(limit.take("a", 1_000), 1_000);
});

test("what is given back can be taken again", () => {
  const limit = new RateLimit({ burst: 1, refillMs: 1_000 });
  assert.equal(limit.take("a", 0), 0);
  limit.giveBack("a");
  assert.equal(limit.take("a", 0), 0);
});

test("for any times, no more is let through than burst and refill allow, and whoever waits as told gets in", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 500 }), { maxLength: 100 }), (pauses) => {
      const limit = new RateLimit({ burst: 5, refillMs: 100 });
      let now = 0;
      let taken = 0;
      for (const pause of pauses) {
        now += pause;
        const wait = limit.take("a", now);
        if (wait === 0) taken += 1;
        else if (pause % 2 === 0) {
          now += wait;
          assert.equal(limit.take("a", now), 0);
          taken += 1;
        }
      }
      assert.ok(taken <= 5 + now / 100);
    }),
  );
});
