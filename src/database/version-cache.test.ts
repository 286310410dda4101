import assert from "node:assert/strict";
import { test } from "node:test";
import { VersionCache } from "./version-cache.ts";

test("what is remembered is good for its version alone, also where a fail-over has set the log back", async () => {
  const cache = new VersionCache<string>(10);
  const get = (version: string, now: string) => cache.get(version, "key", async () => now);
  assert.equal(await get("13 a", "thirteen"), "thirteen");
  assert.equal(await get("13 a", "later"), "thirteen");
  assert.equal(await get("7 b", "seven"), "seven");
  assert.equal(await get("13 c", "another thirteen"), "another thirteen");
});

test("beyond its number of entries it begins anew", async () => {
  const cache = new VersionCache<number>(2);
  for (const key of ["a", "b", "c"]) await cache.get("1 a", key, async () => 1);
  assert.equal(await cache.get("1 a", "a", async () => 2), 2);
  assert.equal(await cache.get("1 a", "c", async () => 2), 1);
});
