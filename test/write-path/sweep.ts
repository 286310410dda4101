// First: it has to wrap the databases' own methods before anything is opened.
import { type FailingRun, failingAt, type Way, waysToFail } from "../support/databases/failing-statements.ts";

import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { createUser } from "../../src/accounts/users/user-actions.ts";
import { perform } from "../../src/audit/perform.ts";
import { keepBooks } from "../../src/database/writing/bookkeeping.ts";
import type { Database } from "../../src/database/database.ts";
import { Refusal } from "../../src/refusal.ts";
import { type FreshDatabase, freshDatabase, type Kind } from "../support/databases/databases.ts";
import type { ActionExample } from "../examples/actions/example.ts";
import { actionExamples } from "../examples/registry.ts";
import { openRows, type DatabaseRows, snapshot, withoutChance } from "./snapshot.ts";
import { assertNoOpenAction, assertSoundLog } from "./sound-log.ts";
import { actorFor, newUser, databaseWorld } from "../support/worlds/database-world.ts";

/**
 * Defines the tests of actions on one database: whichever statement fails, an act has happened or not, as its caller was told. In several
 * files, one for each part of the actions, where one alone would run long after all others.
 */
export function defineSweep(kind: Kind, { part, of }: { readonly part: number; readonly of: number }): void {
  const examples = Object.entries(actionExamples).filter((_, at) => at % of === part - 1);
  // At once: most of the time each waits for PostgreSQL.
  suite(`everything or nothing happens, whichever statement fails (${kind})`, { concurrency: 4 }, () => {
    for (const [name, example] of examples) test(name, () => sweep(kind, example));
  });
}

/** The same of groups of actions. */
export function defineGroupSweep(kind: Kind): void {
  test(`in a group each action has happened or not as its caller was told, whichever statement fails (${kind})`, async () => {
    await using database = await freshDatabase(kind);
    const { ada } = await databaseWorld(database.db);
    let wasReached = true;
    for (let n = 1; wasReached; n += 1) {
      for (const way of [...waysToFail(kind), "deadlock"] as const) {
        const names = ["cid", "bob", "dee", "eve"].map((name) => (name === "bob" ? name : `${name}-${n}-${way}`));
        const { outcome, failed } = await failingAt(n, way, () =>
          Promise.allSettled(
            names.map((name) => perform(database.db, actorFor(ada.user, name), createUser, newUser(name))),
          ),
        );
        assert(outcome.status === "fulfilled");
        for (const [index, name] of names.entries()) {
          await assertAsTold(database.db, name, outcome.value[index], `${way}: ${n}. ${failed}`);
        }
        if (way === "deadlock") {
          const told = outcome.value.map(({ status }) => status);
          assert.deepEqual(told, ["fulfilled", "rejected", "fulfilled", "fulfilled"], "tried again, it succeeds");
        }
        wasReached = failed !== undefined;
      }
      await assertSoundLog(database);
    }
  });

  test(`a full disk fails the whole group, and leaves nothing of it (${kind})`, async () => {
    await using database = await freshDatabase(kind);
    const { ada } = await databaseWorld(database.db);
    const create = (name: string) => perform(database.db, ada.actor, createUser, newUser(name));
    const before = await snapshot(database);
    const { statements } = await countStatements(() => create("first"));
    const { outcome } = await failingAt(
      statements + Math.ceil(1.5 * statements),
      "no room, all taken back",
      async () => {
        // It has a commit of its own.
        await create("alone");
        return Promise.allSettled(["cid", "dee", "eve"].map(create));
      },
    );
    assert(outcome.status === "fulfilled");
    const group = outcome.value;
    for (const one of group) {
      assert(one.status === "rejected" && one.reason instanceof Refusal);
      assert.equal(one.reason.code, "storage_full");
      assert.equal(one.reason.message, "The disk of the database is full. Nothing was changed.");
    }
    const names = (await snapshot(database)).user.map((row) => row["username"]);
    assert.deepEqual(names.length, before.user.length + 2);
    // And the next one is not caught in what is left of the transaction.
    await create("cid");
    await assertSoundLog(database);
  });
}

/** Fails each statement in each way, and checks what is left. */
async function sweep(kind: Kind, example: ActionExample): Promise<void> {
  const { statements, success } = await runUnfailed(kind, example);
  await using stage = await openStage(kind, example);
  for (let n = 1; n <= statements; n += 1) {
    for (const way of waysToFail(kind)) {
      // What is left of a connection that is lost before a statement is what is left of one lost after the one before.
      if (way === "connection lost" && n > 1 && n < statements) continue;
      const attempt = await failingAt(n, way, stage.act);
      assert(attempt.failed !== undefined, `${way}: statement ${n} of ${statements} was not reached`);
      if (await hasHappened(stage, attempt, way)) {
        // The commit was the last statement, and to be done, though it failed, the last way to fail.
        assert.equal(n, statements);
        assert.equal(way, waysToFail(kind).at(-1));
        await assertSoundLog(stage);
        assert.deepEqual(withoutChance(await snapshot(stage)), success, "everything has happened");
        return;
      }
      // What could not be rolled back is rolled back by whoever comes next.
      if (way === "refused from then on") await keepBooks(stage.db, async () => {});
    }
  }
  assert.equal(success, undefined, "whatever succeeds when nothing fails has succeeded in the end");
}

/** How many statements the act takes when none fails, and what the world looks like then, if it isn't refused. */
async function runUnfailed(
  kind: Kind,
  example: ActionExample,
): Promise<{ readonly statements: number; readonly success: DatabaseRows | undefined }> {
  await using stage = await openStage(kind, example);
  const { statements, outcome } = await countStatements(stage.act);
  await assertSoundLog(stage);
  const after = await snapshot(stage);
  if (outcome.status === "fulfilled") {
    assert(after.event.length > stage.before.event.length, "a success has its event");
    return { statements, success: withoutChance(after) };
  }
  assert(outcome.reason instanceof Refusal, String(outcome.reason));
  assert.deepEqual(after, stage.before, "a refused action has left nothing");
  return { statements, success: undefined };
}

interface Stage extends FreshDatabase {
  readonly act: () => Promise<unknown>;
  readonly before: DatabaseRows;
  /** Fails, with the message, unless every row is as it was before. */
  assertUnchanged(message: string): Promise<void>;
}

async function openStage(kind: Kind, example: ActionExample): Promise<Stage> {
  const database = await freshDatabase(kind);
  const act = await example.prepare(database.db);
  const before = await snapshot(database);
  const rows = await openRows(database.location);
  const textBefore = await rows.text();
  return {
    ...database,
    act,
    before,
    async assertUnchanged(message) {
      // What is written alike is alike; where it isn't, rows may only have changed their places.
      if ((await rows.text()) !== textBefore) assert.deepEqual(await snapshot(database), before, message);
    },
    async [Symbol.asyncDispose]() {
      await rows[Symbol.asyncDispose]();
      await database[Symbol.asyncDispose]();
    },
  };
}

/** Whether the act has happened. Fails if that's not what the caller was told, and if it has happened in part. */
async function hasHappened(stage: Stage, { outcome, failed }: FailingRun<unknown>, way: Way): Promise<boolean> {
  await assertNoOpenAction(stage);
  if (outcome.status === "fulfilled") return true;
  const message = `${way}: ${failed}: ${outcome.reason}`;
  if (mayHaveHappened(outcome.reason)) {
    // PostgreSQL can be asked, SQLite can't: a restart after a crash may find what its disk refused.
    assert(/\bcommit$/.test(failed ?? "") && /^(no memory, all taken back|disk error, done)$/.test(way), message);
    return (await snapshot(stage)).event.length > stage.before.event.length;
  }
  await stage.assertUnchanged(message);
  if (way === "no room, all taken back") {
    assert(outcome.reason instanceof Refusal && outcome.reason.code === "storage_full", message);
  }
  return false;
}

/** Checks that the user is there with one event if its caller was told so, and that neither is there otherwise. */
async function assertAsTold(
  db: Database,
  username: string,
  outcome: PromiseSettledResult<unknown> | undefined,
  message: string,
): Promise<void> {
  assert(outcome !== undefined);
  const events = await db.selectFrom("event").select("id").where("trace_id", "=", username).execute();
  const users = await db.selectFrom("user").select("id").where("username", "=", username).execute();
  // Bob was there before, and is always refused.
  assert.equal(events.length, username === "bob" ? 0 : users.length, `${message}: one event for each user`);
  if (outcome.status === "rejected" && mayHaveHappened(outcome.reason)) return;
  assert.equal(events.length, outcome.status === "fulfilled" ? 1 : 0, `${message}: as its caller was told`);
}

export function mayHaveHappened(reason: unknown): boolean {
  return reason instanceof Refusal && reason.code === "outcome_unknown";
}

export async function countStatements<Result>(act: () => Promise<Result>) {
  const far = 1_000_000;
  const { outcome, left } = await failingAt(far, "refused", act);
  return { outcome, statements: far - left };
}
