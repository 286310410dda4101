import assert from "node:assert/strict";
import { postgresAt } from "../support/databases/locations.ts";
import { test, type TestContext } from "node:test";
import { sql } from "kysely";
import { keepBooks } from "../../src/database/writing/bookkeeping.ts";
import { openDatabase } from "../../src/database/opening.ts";
import { bearer } from "../support/clients/native-client.ts";
import { startCluster } from "../support/databases/postgres-cluster.ts";
import { powerFailure } from "../support/reports.ts";
import { assertWhole, isRefusal, startLoad, startOn, untilAcknowledged } from "./load.ts";

// A PostgreSQL that neither answers nor hangs up: after 6 seconds without an answer it has 5 to let somebody in.

const limitMs = 15_000;
/** For a commit that was on its way it's asked for 20 seconds how that ended. */
const limitOfCommitMs = 50_000;

test("with a PostgreSQL that is stopped every write is refused in bounded time, and once it goes on so does all", async (t: TestContext) => {
  await refuseWhileStopped(t, false);
});

test("a write whose commit was on its way when PostgreSQL was stopped is answered in bounded time too", async (t: TestContext) => {
  if (process.env["FREEZE_ROUNDS"] === undefined) return t.skip("it takes minutes: npm run torture");
  for (let round = 0; round < Number(process.env["FREEZE_ROUNDS"]); round += 1) await refuseWhileStopped(t, true);
});

test("a query that is slow on a PostgreSQL that lives is waited for", async () => {
  const cluster = await startCluster();
  try {
    await using open = await openDatabase(postgresAt(cluster.url));
    // Longer than it takes to call it silent.
    await keepBooks(open.db, async (tx) => sql`select pg_sleep(8)`.execute(tx));
  } finally {
    await cluster.stop();
  }
});

/** `isUnderLoad`: it is stopped in the middle of others' writes. */
async function refuseWhileStopped(t: TestContext, isUnderLoad: boolean): Promise<void> {
  const cluster = await startCluster();
  try {
    await using server = await startOn(cluster.url);
    const { apiKey } = server.firstLogin;
    const load = startLoad(server.url, apiKey, 4, "before");
    await untilAcknowledged(load, 50);
    if (!isUnderLoad) await load.stop();
    cluster.freeze();
    const start = Date.now();
    const asked = Array.from({ length: 10 }, async (_, at) => {
      const native = bearer(server, apiKey);
      const answer = await native.ask("POST", "events", { ...powerFailure, description: `while it is stopped ${at}` });
      return { isRefused: isRefusal(answer), text: `${answer.status} ${answer.text}`, ms: Date.now() - start };
    });
    const answers = await Promise.all(asked);
    // What was on its way when it stopped is answered too.
    await load.stop();
    cluster.goOn();
    const slowest = Math.max(load.slowestMs, ...answers.map(({ ms }) => ms));
    t.diagnostic(`the slowest refusal took ${slowest} ms`);
    for (const { isRefused, text } of answers) assert.ok(isRefused, text);
    assert.ok(slowest < (isUnderLoad ? limitOfCommitMs : limitMs), `${slowest} ms`);
    const after = startLoad(server.url, apiKey, 4, "after");
    await untilAcknowledged(after, 50);
    await after.stop();
    await assertWhole(server.url, apiKey, [load, after], server.args);
  } finally {
    await cluster.stop();
  }
}
