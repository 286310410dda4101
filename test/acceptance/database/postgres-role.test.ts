import assert from "node:assert/strict";
import { test } from "node:test";
import pg from "pg";
import { openShell } from "../../support/processes/command.ts";
import { freshFolder, freshLocation } from "../../support/databases/databases.ts";
import { send } from "../../support/clients/http-client.ts";
import { readFirstLogin, readyAt, serve } from "../../support/server.ts";

// PostgreSQL with two roles: one owns the tables, the other serves and can't rewrite the log.

test("a role that may only serve serves, and can't change, delete or unguard what was recorded", async () => {
  await using fresh = await freshLocation("postgres");
  using folder = freshFolder();
  using shell = openShell();
  assert(fresh.location.kind === "postgres");
  const role = `serving_${process.pid}`;
  await fresh.meddle(`create role ${role} login password 'secret'`);
  try {
    const url = new URL(fresh.location.url);
    const owner = ["--data", folder.folder, "--database", url.toString()];
    const granted = await shell.ironlog(["migrate", "--grant", role, ...owner]);
    assert.equal(granted.code, 0, granted.stderr);
    assert.match(granted.stdout, /Applied 0001-schema.*may serve/);
    url.username = role;
    url.password = "secret";
    const serving = ["--data", folder.folder, "--database", url.toString()];
    {
      await using server = serve(serving);
      const address = await readyAt(server);
      const authorization = `Bearer ${readFirstLogin(folder.folder).apiKey}`;
      const headers = { authorization, "content-type": "application/json" };
      const body = JSON.stringify({ username: "bob", email: "bob@example.com", password: "a good password" });
      const made = await send(address, "/api/v1/users", { method: "POST", headers, body });
      assert.equal(made.status, 201, made.text);
      const report = { type: "A", action: "a", description: "a", key: "once" };
      const events = await send(address, "/api/v1/events", { method: "POST", headers, body: JSON.stringify(report) });
      assert.equal(events.status, 201, events.text);
      const gone = await send(address, "/api/v1/users/bob", { method: "DELETE", headers });
      assert.equal(gone.status, 204, gone.text);
      server.signal("SIGTERM");
      assert.equal((await server.ended).code, 0);
    }
    const verified = await shell.ironlog(["log", "verify", ...serving]);
    assert.equal(verified.code, 0, verified.stdout + verified.stderr);
    const client = new pg.Client({ connectionString: url.toString() });
    await client.connect();
    try {
      for (const attack of [
        "update event set type = 'x'",
        "update event set created = 1",
        "update event set username = 'x'",
        "update event set user_id = null, username = null, actor_salt = null",
        "delete from event",
        "truncate event",
        "delete from tree_node",
        "delete from log_move",
        "update log_identity set log_key = 'x'",
        "update tree_node set hash = ''",
        "delete from checkpoint",
        "delete from log_head",
        "alter table event disable trigger all",
        "drop trigger event_update on event",
        "drop table event",
        "set session_replication_role = replica",
      ]) {
        await assert.rejects(client.query(attack), /permission denied|must be owner/, attack);
      }
      // What its rights don't forbid, the guards do.
      await assert.rejects(client.query(`delete from "user"`), /needs an open action/);
      await assert.rejects(client.query("update log_head set last_event_id = 0"), /the head of the log/);
      await assert.rejects(client.query("update checkpoint set size = 0"), /checkpoints are only added/);
    } finally {
      await client.end();
    }
    const odd = await shell.ironlog(["migrate", "--grant", "nobody_at_all", ...owner]);
    assert.equal(odd.code, 1);
    assert.match(odd.stderr, /cannot let 'nobody_at_all' serve: role "nobody_at_all" does not exist/);
    // Where tables are still to be made.
    await fresh.meddle(`create schema still_empty; grant usage on schema still_empty to ${role}`);
    url.searchParams.set("options", "-c search_path=still_empty");
    const early = await shell.ironlog(["migrate", "--data", folder.folder, "--database", url.toString()]);
    assert.equal(early.code, 1);
    assert.match(early.stderr, /run ironlog migrate --grant as their owner/);
  } finally {
    await fresh.meddle(`drop owned by ${role}`);
    await fresh.meddle(`drop role ${role}`);
  }
});

test("a role that wasn't granted the tables of workers is told so, instead of serving without signing", async () => {
  await using fresh = await freshLocation("postgres");
  using folder = freshFolder();
  using shell = openShell();
  assert(fresh.location.kind === "postgres");
  const role = `partly_${process.pid}`;
  await fresh.meddle(`create role ${role} login password 'secret'`);
  try {
    const url = new URL(fresh.location.url);
    const owner = ["--data", folder.folder, "--database", url.toString()];
    assert.equal((await shell.ironlog(["migrate", "--grant", role, ...owner])).code, 0);
    await fresh.meddle(`revoke insert, update on worker_lease from ${role}`);
    url.username = role;
    url.password = "secret";
    const ran = await shell.ironlog(["serve", "--port", "0", "--data", folder.folder, "--database", url.toString()]);
    assert.equal(ran.code, 78, ran.stdout);
    assert.match(
      ran.stderr,
      /^ironlog serve: the role that serves may not write the tables of workers .*migrate --grant/m,
    );
  } finally {
    await fresh.meddle(`drop owned by ${role}; drop role ${role}`);
  }
});
