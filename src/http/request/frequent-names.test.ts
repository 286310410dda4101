import assert from "node:assert/strict";
import { test } from "node:test";
import { FrequentNames } from "./frequent-names.ts";

test("the 20 most frequent names are told, and how many others there were", () => {
  const names = new FrequentNames();
  for (let name = 1; name <= 25; name += 1) {
    for (let round = 0; round < name; round += 1) names.add(`n${name}`);
  }
  const { most, others } = names.read();
  assert.equal(most.length, 20);
  assert.deepEqual(most[0], { name: "n25", attempts: 25 });
  assert.deepEqual(most.at(-1), { name: "n6", attempts: 6 });
  assert.equal(others, 5);
});

test("noise doesn't hide a name that is met often, and takes no more room", () => {
  const names = new FrequentNames();
  for (let round = 0; round < 30_000; round += 1) {
    names.add(`noise ${round}`);
    if (round % 100 === 0) names.add("target");
  }
  const { most, others } = names.read();
  assert.equal(most[0]?.name, "target");
  assert.ok(others >= 30_000 - 20);
});

test("what is put back is told again", () => {
  const names = new FrequentNames();
  for (let name = 0; name < 30; name += 1) names.add(`n${name}`);
  const read = names.read();
  const again = new FrequentNames();
  again.putBack(read);
  assert.deepEqual(again.read(), read);
});
