import assert from "node:assert/strict";
import { test } from "node:test";
import { openShell } from "../../support/processes/command.ts";
import { freshFolder, freshLocation } from "../../support/databases/databases.ts";
import { startPooler } from "../../support/databases/fake-pooler.ts";
import { send } from "../../support/clients/http-client.ts";
import { readFirstLogin, readyAt, refusedStart, serve } from "../../support/server.ts";

// Ways to a PostgreSQL that change what a connection is.

test("a pooler in transaction mode is refused with the mend; one in session mode will do", async () => {
  await using fresh = await freshLocation("postgres");
  assert(fresh.location.kind === "postgres");
  using folder = freshFolder();
  using shell = openShell();
  {
    await using pooler = await startPooler(fresh.location.url, "transaction");
    const args = ["--data", folder.folder, "--database", pooler.url];
    const says = /is a pooler in transaction mode, .*: give PostgreSQL's own port, or a pool with pool_mode = session/;
    assert.match(await refusedStart(args), says);
    const ran = await shell.ironlog(["migrate", ...args]);
    assert.match(ran.stderr, says);
    assert.deepEqual(await fresh.meddle("select relname from pg_class where relname = 'event'"), []);
  }
  await using pooler = await startPooler(fresh.location.url, "session");
  const args = ["--data", folder.folder, "--database", pooler.url];
  const withOptions = [...args.slice(0, -1), `${pooler.url}?options=-c%20work_mem%3D8MB`];
  assert.match(
    await refusedStart(withOptions),
    /a pooler such as PgBouncer stands at .* and refuses 'options': leave them out/,
  );
  await using server = serve(args);
  const address = await readyAt(server);
  const authorization = `Bearer ${readFirstLogin(folder.folder).apiKey}`;
  assert.equal((await send(address, "/api/v1/events", { headers: { authorization } })).status, 200);
});

test("everything works in a schema that the URL names, with two roles, and the log holds", async () => {
  await using fresh = await freshLocation("postgres");
  using folder = freshFolder();
  using shell = openShell();
  assert(fresh.location.kind === "postgres");
  const role = `in_a_schema_${process.pid}`;
  await fresh.meddle(`create role ${role} login password 'secret'`);
  await fresh.meddle(`create schema "Our log"`);
  try {
    const url = new URL(fresh.location.url);
    url.searchParams.set("options", `-c search_path="Our\\ log" -c synchronous_commit=off -c statement_timeout=0`);
    const owner = ["--data", folder.folder, "--database", url.toString()];
    const granted = await shell.ironlog(["migrate", "--grant", role, ...owner]);
    assert.equal(granted.code, 0, granted.stderr);
    url.username = role;
    url.password = "secret";
    const serving = ["--data", folder.folder, "--database", url.toString()];
    {
      await using server = serve(serving);
      const address = await readyAt(server);
      const headers = {
        authorization: `Bearer ${readFirstLogin(folder.folder).apiKey}`,
        "content-type": "application/json",
      };
      const body = JSON.stringify({ name: "made in a schema" });
      const made = await send(address, "/api/v1/account/tokens", { method: "POST", headers, body });
      assert.equal(made.status, 201, made.text);
      server.signal("SIGTERM");
      assert.equal((await server.ended).code, 0);
    }
    for (const command of [
      ["log", "verify"],
      ["backup", `${folder.folder}/backup.gz`],
    ]) {
      const ran = await shell.ironlog([...command, ...serving]);
      assert.equal(ran.code, 0, ran.stdout + ran.stderr);
    }
    assert.deepEqual(
      await fresh.meddle("select relname from pg_class where relnamespace = 'public'::regnamespace"),
      [],
    );
  } finally {
    await fresh.meddle(`drop owned by ${role}`);
    await fresh.meddle(`drop role ${role}`);
  }
});

test("options with which PostgreSQL ends each connection are named as the cause", async () => {
  await using fresh = await freshLocation("postgres");
  assert(fresh.location.kind === "postgres");
  using folder = freshFolder();
  const url = `${fresh.location.url}?options=${encodeURIComponent("-c nosuch.setting")}`;
  assert.match(
    await refusedStart(["--data", folder.folder, "--database", url]),
    /ends new connections \(.*\): check the options in the URL and PGOPTIONS/,
  );
});

test("a parameter of the URL that has no effect is refused by its name, by the server and by local commands", async () => {
  using folder = freshFolder();
  using shell = openShell();
  for (const name of ["statement_timeout", "lock_timeout", "client_encoding", "channel_binding", "max"]) {
    const args = [
      "--data",
      folder.folder,
      "--database",
      `postgres://me:hunter2@127.0.0.1:1/x?sslmode=disable&${name}=1`,
    ];
    const ran = await shell.ironlog(["log", "verify", ...args]);
    for (const words of [await refusedStart(args), ran.stderr]) {
      assert.match(words, new RegExp(`--database: '${name}' in the URL has no effect here: leave it out`));
      assert.doesNotMatch(words, /hunter2/);
    }
  }
});
