import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import pg from "pg";
import { allEvents } from "../support/clients/native-client.ts";
import { kinds } from "../support/databases/databases.ts";
import { openShell } from "../support/processes/command.ts";
import { startServer } from "../support/server.ts";
import { until } from "../support/until.ts";
import { admin, makePerson } from "../support/worlds/people.ts";

for (const kind of kinds) {
  test(`where the append key is lost and the head accepted, everybody goes on with the new key (${kind})`, async () => {
    await using server = await startServer({ kind });
    using shell = openShell();
    const log = (...args: readonly string[]) => shell.ironlog(["log", ...args, ...server.databaseArgs]);
    const person = await makePerson(server);
    await server.stop();
    rmSync(path.join(server.data, "append.key"));
    const accepted = await log("accept-head", "--reason", "The key was lost");
    assert.equal(accepted.code, 0, accepted.stderr);
    await server.start();
    assert.equal((await person.native.ask("POST", "account/tokens", {})).status, 201);
    assert.equal((await allEvents(admin(server).native, { action: "state.mismatch" })).length, 0);
    await server.stop();
    const verified = await log("verify");
    assert.equal(verified.code, 0, verified.stdout);
  });
}

test("a row that another server changes while the append key is changed keeps a right code", async () => {
  await using server = await startServer({ kind: "postgres" });
  using shell = openShell();
  const log = (...args: readonly string[]) => shell.ironlog(["log", ...args, ...server.databaseArgs]);
  const root = admin(server).native;
  const made = await root.ask("POST", "account/tokens", { name: "before" });
  assert.equal(made.status, 201, made.text);
  const { token_key: tokenKey } = made.json<{ token_key: string }>();
  const id = (await log("append-key", "new")).stdout.trim();
  const holder = new pg.Client({ connectionString: server.databaseArgs.at(-1) });
  await holder.connect();
  // The code of the first of several API keys: whoever writes all codes anew waits there, and has read the others.
  await holder.query(
    "begin; select from row_mac where table_name = 'token' and key = (select min(id)::text from token) for update",
  );
  const changing = log("append-key", "use", id);
  const waiting = async (): Promise<number> => {
    // In a transaction it would be what it was at the first look.
    await holder.query("select pg_stat_clear_snapshot()");
    const { rows } = await holder.query(
      "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
    );
    return rows.length;
  };
  await until(async () => (await waiting()) > 0);
  let isRenamed = false;
  const renaming = root.ask("PATCH", `account/tokens/${tokenKey}`, { name: "after" }).finally(() => (isRenamed = true));
  await until(async () => isRenamed || (await waiting()) > 1);
  await holder.query("commit");
  await holder.end();
  assert.equal((await changing).code, 0);
  assert.equal((await renaming).status, 200);
  assert.equal((await allEvents(root, { action: "state.mismatch" })).length, 0);
  await server.stop();
  const verified = await log("verify");
  assert.equal(verified.code, 0, verified.stdout);
});
