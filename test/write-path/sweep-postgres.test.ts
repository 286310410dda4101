import { failingAt } from "../support/databases/failing-statements.ts";
// Above: it has to wrap the databases' own methods before anything is opened.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createUser } from "../../src/accounts/users/user-actions.ts";
import { defineAction } from "../../src/audit/action.ts";
import { draftEvent } from "../../src/audit/event-draft.ts";
import { perform } from "../../src/audit/perform.ts";
import { Refusal } from "../../src/refusal.ts";
import { freshDatabase } from "../support/databases/databases.ts";
import { databaseWorld, newUser } from "../support/worlds/database-world.ts";
import { assertSoundLog } from "./sound-log.ts";
import { countStatements, defineGroupSweep, defineSweep, mayHaveHappened } from "./sweep.ts";

defineSweep("postgres", { part: 1, of: 3 });
defineGroupSweep("postgres");

test("a commit whose connection broke is asked for, and answered as done, exactly once (postgres)", async () => {
  await using database = await freshDatabase("postgres");
  const { ada } = await databaseWorld(database.db);
  const create = (name: string) => perform(database.db, ada.actor, createUser, newUser(name));
  const { statements } = await countStatements(() => create("cid"));
  const { outcome, failed } = await failingAt(statements, "connection lost, done", () => create("dee"));
  assert.match(failed ?? "", /\bcommit$/);
  assert(outcome.status === "fulfilled");
  assert.equal(outcome.value.username, "dee");
  const events = await database.db.selectFrom("event").select("id").where("target_name", "=", "dee").execute();
  assert.equal(events.length, 1);
  await assertSoundLog(database);
});

test("a commit whose connection broke is asked for by an event that is in it, and not by one that was taken back (postgres)", async () => {
  await using database = await freshDatabase("postgres");
  const { ada } = await databaseWorld(database.db);
  // It has no statements, so it ends while the one before it is still being refused: PostgreSQL takes no NUL.
  const tell = defineAction({
    async run() {},
    events: (_, id: string) => [draftEvent("token.create", undefined, { target: { kind: "token", id, name: id } })],
  });
  const ids = ["alone", "no\0text", "bob", "cid"];
  const tellAll = () => Promise.allSettled(ids.map((id) => perform(database.db, ada.actor, tell, id)));
  const { outcome } = await failingAt((await countStatements(tellAll)).statements, "connection lost, done", tellAll);
  const told = outcome.status === "fulfilled" && outcome.value.map(({ status }) => status);
  assert.deepEqual(told, ["fulfilled", "rejected", "fulfilled", "fulfilled"]);
  await assertSoundLog(database);
});

test("a commit that nobody can be asked about is refused with the words that it may have happened (postgres)", async () => {
  await using database = await freshDatabase("postgres");
  const { ada } = await databaseWorld(database.db);
  const create = (name: string) => perform(database.db, ada.actor, createUser, newUser(name));
  const { statements } = await countStatements(() => create("cid"));
  const way = "connection lost, done, refused from then on";
  const { outcome } = await failingAt(statements, way, () => create("dee"));
  assert(outcome.status === "rejected" && outcome.reason instanceof Refusal);
  assert(mayHaveHappened(outcome.reason));
  assert.match(outcome.reason.message, /It may have happened/);
});
