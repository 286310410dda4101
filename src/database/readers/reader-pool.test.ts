import assert from "node:assert/strict";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { CompiledQuery } from "kysely";
import { freshFolder } from "../../../test/support/databases/databases.ts";
import { Refusal } from "../../refusal.ts";
import { failureKind } from "../failures.ts";
import { ReaderPool } from "./reader-pool.ts";

/** Counts to a number, and keeps its thread busy meanwhile. */
const countTo = (number: number): CompiledQuery =>
  CompiledQuery.raw(
    "with recursive n (at) as (select 1 union all select at + 1 from n where at < ?) select max(at) as last from n",
    [number],
  );

function openPool(max: number) {
  const fresh = freshFolder();
  const file = path.join(fresh.folder, "log.db");
  const database = new DatabaseSync(file);
  database.exec("pragma journal_mode = wal; create table note (id integer primary key, text, bytes)");
  database.prepare("insert into note values (1, ?, ?), (2, null, null)").run("ünïcode", Buffer.from([1, 2, 255]));
  const pool = new ReaderPool(file, max);
  return {
    pool,
    database,
    async [Symbol.asyncDispose]() {
      await pool[Symbol.asyncDispose]();
      database.close();
      fresh[Symbol.dispose]();
    },
  };
}

test("rows come as they are stored, and what was committed before is seen", async () => {
  await using world = openPool(2);
  const all = CompiledQuery.raw("select * from note order by id");
  const { rows } = await world.pool.executeQuery(all);
  assert.deepEqual(rows, [
    { id: 1, text: "ünïcode", bytes: new Uint8Array([1, 2, 255]) },
    { id: 2, text: null, bytes: null },
  ]);
  world.database.exec("insert into note (id) values (3)");
  assert.equal((await world.pool.executeQuery(all)).rows.length, 3);
});

test("a query that takes long stops nothing else in the process", async () => {
  await using world = openPool(1);
  const done = new AbortController();
  const counting = world.pool.executeQuery(countTo(2_000_000)).finally(() => done.abort());
  let turns = 0;
  for (; !done.signal.aborted; turns += 1) await nextTurn();
  await counting;
  assert.ok(turns > 100, `${turns} turns meanwhile`);
});

test("no more threads read than there may be", async (t) => {
  await using world = openPool(2);
  let begun = 0;
  const count = (): void => void (begun += 1);
  process.on("worker", count);
  t.after(() => process.off("worker", count));
  await Promise.all(Array.from({ length: 12 }, async () => world.pool.executeQuery(countTo(1))));
  assert.equal(begun, 2);
});

test("nobody is passed over", async () => {
  await using world = openPool(1);
  const order: number[] = [];
  const asked = Array.from({ length: 12 }, async (_, at) => {
    await world.pool.executeQuery(countTo(at < 2 ? 500_000 : 1));
    order.push(at);
  });
  await Promise.all(asked);
  assert.deepEqual(order, [...order.keys()]);
});

test("a query that fails says why as SQLite does, and writing is refused", async () => {
  await using world = openPool(1);
  await assert.rejects(world.pool.executeQuery(CompiledQuery.raw("select missing")), /no such column: missing/);
  const writing = world.pool.executeQuery(CompiledQuery.raw("delete from note returning id"));
  await assert.rejects(writing, (error) => /readonly/.test(String(error)) && failureKind(error) === "away");
  assert.equal((await world.pool.executeQuery(CompiledQuery.raw("select * from note"))).rows.length, 2);
});

test("who comes after the end is refused, and who waits is told", async () => {
  await using world = openPool(1);
  const waiting = Promise.allSettled([1, 2, 3].map(() => world.pool.executeQuery(countTo(5_000_000))));
  await world.pool[Symbol.asyncDispose]();
  const isStopping = (error: unknown): boolean => error instanceof Refusal && error.code === "stopping";
  for (const outcome of await waiting) assert.ok(outcome.status === "rejected" && isStopping(outcome.reason));
  await assert.rejects(world.pool.executeQuery(countTo(1)), isStopping);
});
