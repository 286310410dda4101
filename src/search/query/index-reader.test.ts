import assert from "node:assert/strict";
import { once } from "node:events";
import { rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { freshDatabase, freshFolder } from "../../../test/support/databases/databases.ts";
import type { Actor } from "../../audit/actor.ts";
import { perform } from "../../audit/perform.ts";
import { IndexWriter } from "../index/index-writer.ts";
import { recordSearchFault } from "../serving/fault-actions.ts";
import { searchedColumns } from "../words/event-words.ts";
import type { IndexQuestion } from "./find-ids.ts";
import { type FoundDamage, IndexReader } from "./index-reader.ts";

const machine: Actor = {
  user: null,
  origin: { ip: null, userAgent: null, endpoint: "UI", traceId: null, forwarded: null },
};

/** A log of three events, all of them in its index. */
async function openWorld(threadsMax: number) {
  await using opening = new AsyncDisposableStack();
  const { db } = opening.use(await freshDatabase("sqlite"));
  const { folder } = opening.use(freshFolder());
  for (const what of ["torn", "worn", "torn"]) await perform(db, machine, recordSearchFault, { what });
  const events = await db
    .selectFrom("event")
    .select(["id", "leaf_hash", ...searchedColumns])
    .orderBy("id")
    .execute();
  const file = path.join(folder, "search.db");
  const make = (): void => {
    using writer = IndexWriter.make(file);
    writer.add(events);
  };
  make();
  const reader = opening.use(new IndexReader(file, db, threadsMax));
  const damage: FoundDamage[] = [];
  reader.onDamage = (found) => void damage.push(found);
  const torn: IndexQuestion = {
    terms: [[[{ word: "torn", match: "whole" }]]],
    above: 0,
    below: (events.at(-1)?.id ?? 0) + 1,
    order: "newest",
    limit: 10,
  };
  const found = events.filter((_, at) => at !== 1).map(({ id }) => id);
  const open = opening.move();
  return { file, reader, make, damage, torn, found, [Symbol.asyncDispose]: () => open.disposeAsync() };
}

const always = (): boolean => true;

test("words are looked up beside this thread, by no more threads than there may be", async (t) => {
  let begun = 0;
  const count = (): void => void (begun += 1);
  process.on("worker", count);
  t.after(() => process.off("worker", count));
  await using world = await openWorld(2);
  const index = await world.reader.open();
  const answers = await Promise.all(Array.from({ length: 12 }, async () => index?.find(world.torn, always)));
  for (const answer of answers) assert.deepEqual(answer, { ids: world.found.toReversed(), stop: "end" });
  assert.equal(begun, 2);
});

test("an index that was made anew meanwhile is not believed, and asked again it is", async () => {
  await using world = await openWorld(1);
  const index = await world.reader.open();
  const asked = index?.find(world.torn, always);
  world.make();
  assert.equal(await asked, undefined);
  assert.equal(await index?.find(world.torn, always), undefined);
  const again = await world.reader.open();
  assert.deepEqual((await again?.find(world.torn, always))?.ids, world.found.toReversed());
  assert.deepEqual(world.damage, []);
});

test("an index that is none is told of once, and one that is gone isn't damaged", async () => {
  await using world = await openWorld(1);
  // Not in its place: an open file may be written to meanwhile.
  rmSync(world.file);
  writeFileSync(world.file, "no database, and longer than the header of one. ".repeat(100));
  assert.equal(await world.reader.open(), undefined);
  assert.equal(await world.reader.open(), undefined);
  assert.deepEqual(
    world.damage.map(({ what }) => what),
    ["file is not a database"],
  );
  rmSync(world.file);
  assert.equal(await world.reader.open(), undefined);
  assert.equal(world.damage.length, 1);
});

test("whoever is asking when it ends is told nothing, and its threads are gone", async (t) => {
  const exits: Promise<unknown>[] = [];
  const follow = (worker: NodeJS.EventEmitter): void => void exits.push(once(worker, "exit"));
  process.on("worker", follow);
  t.after(() => process.off("worker", follow));
  await using world = await openWorld(1);
  const index = await world.reader.open();
  const asked = index?.find(world.torn, always);
  await world.reader[Symbol.asyncDispose]();
  assert.equal(await asked, undefined);
  assert.equal(exits.length, 1);
  await Promise.all(exits);
});
