import assert from "node:assert/strict";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { openShell } from "../support/processes/command.ts";
import { freshFolder } from "../support/databases/databases.ts";
import { holdTable } from "../support/databases/held-table.ts";
import { takeGuardsOff } from "../support/databases/guards.ts";
import { send } from "../support/clients/http-client.ts";
import { bearer, type NativeClient } from "../support/clients/native-client.ts";
import { makePerson } from "../support/worlds/people.ts";
import { readyAt, serve, startServerProcess, type ServerProcess, takeAppendKeyAlong } from "../support/server.ts";
import { root, type TestProcess } from "../support/processes/program.ts";
import { until } from "../support/until.ts";

// Two servers with the log's key on one PostgreSQL: each worker that runs once is done by one of them.

interface ShownWorker {
  readonly name: string;
  readonly runs: string;
  readonly holder: {
    readonly host: string;
    readonly pid: number;
    readonly address: string | null;
    readonly is_this_server: boolean;
  } | null;
  readonly state: string;
  readonly trouble: string | null;
  readonly turns: number;
}

interface One {
  readonly process: TestProcess;
  readonly url: string;
  readonly data: string;
  readonly native: NativeClient;
}

interface Two extends AsyncDisposable {
  readonly server: ServerProcess;
  readonly first: One;
  readonly second: One;
}

async function startTwo(): Promise<Two> {
  await using opening = new AsyncDisposableStack();
  const server = opening.use(await startServerProcess({ kind: "postgres" }));
  const { folder } = opening.use(freshFolder());
  await untilSealed(server.url, await sizeOf(bearer(server, server.firstLogin.apiKey)));
  for (const file of ["log.key", "log.key.checkpoint", "append.key"])
    cpSync(path.join(server.data, file), path.join(folder, file));
  const database = server.databaseArgs.slice(server.databaseArgs.indexOf("--database"));
  const process = opening.use(serve(["--data", folder, ...database]));
  const url = await readyAt(process);
  const { apiKey } = server.firstLogin;
  const open = opening.move();
  return {
    server,
    first: { process: server.process, url: server.url, data: server.data, native: bearer(server, apiKey) },
    second: { process, url, data: folder, native: bearer({ url }, apiKey) },
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
}

async function workersAt({ native }: One): Promise<readonly ShownWorker[]> {
  const answer = await native.ask("GET", "server/workers");
  assert.equal(answer.status, 200, answer.text);
  return answer.json<{ items: readonly ShownWorker[] }>().items;
}

async function workerAt(one: One, name: string): Promise<ShownWorker> {
  const found = (await workersAt(one)).find((worker) => worker.name === name);
  assert(found !== undefined, name);
  return found;
}

const names = ["signer", "verifier"];

/** Waits until the server that is asked names that one as the holder of all that runs once. */
async function untilHeld(asked: One, by: One): Promise<void> {
  for (const name of names) {
    await until(async () => (await workerAt(asked, name)).holder?.pid === by.process.pid);
  }
}

async function sizeOf(native: NativeClient): Promise<number> {
  return (await native.ask("GET", "log")).json<{ size: number }>().size;
}

async function untilSealed(url: string, size: number): Promise<string> {
  let note = "";
  await until(async () => {
    note = (await send(url, "/log/checkpoint")).text;
    return Number(note.split("\n")[1]) >= size;
  });
  return note;
}

test("of two servers that stop together the last event is sealed", async () => {
  await using two = await startTwo();
  const { first, second, server } = two;
  await untilHeld(second, first);
  for (const one of [first, second]) one.process.signal("SIGTERM");
  for (const one of [first, second]) assert.equal((await one.process.ended).code, 0);
  const [log] = await server.meddle("select last_event_id as size from log_head");
  const [newest] = await server.meddle("select max(size) as size from checkpoint");
  assert.equal(newest?.["size"], log?.["size"]);
  await assertSignedOnce(server);
});

function databaseUrl({ databaseArgs }: ServerProcess): string {
  return databaseArgs.at(-1) ?? "";
}

async function act({ native }: One): Promise<void> {
  assert.equal((await native.ask("POST", "account/tokens", { name: "an act" })).status, 201);
}

/** No size of the log has two checkpoints. */
async function assertSignedOnce(server: ServerProcess): Promise<void> {
  assert.deepEqual(await server.meddle("select size from checkpoint group by size having count(*) > 1"), []);
}

const checkpointFile = ({ data }: One): string => path.join(data, "log.key.checkpoint");

async function verifications({ native }: One): Promise<readonly { readonly integrity: string }[]> {
  return (await native.ask("GET", "log/verifications")).json<{ items: { integrity: string }[] }>().items;
}

async function running({ native }: One): Promise<{ readonly checked: number } | null> {
  const log = (await native.ask("GET", "log")).json<{ verification: { running: { checked: number } | null } }>();
  return log.verification.running;
}

test("either of two servers names the holder of each worker; killed, its work moves to the other", async () => {
  await using two = await startTwo();
  const { server, first, second } = two;
  for (const name of names) {
    const [here, there] = [await workerAt(first, name), await workerAt(second, name)];
    assert.deepEqual([here.runs, here.state, there.state], ["once", "running", "running"]);
    assert.deepEqual([here.holder?.is_this_server, there.holder?.is_this_server], [true, false]);
    for (const { holder } of [here, there]) {
      assert.deepEqual([holder?.pid, holder?.address], [first.process.pid, first.url]);
      assert.notEqual(holder?.host, "");
    }
  }
  for (const one of [first, second]) {
    const workers = await workersAt(one);
    assert.deepEqual(workers.map(({ name }) => name).toSorted(), [
      "alerts",
      "blocked-logins",
      "destinations",
      "leases",
      "log-watch",
      "reads",
      "search",
      "session-uses",
      "signer",
      "signing-events",
      "sources",
      "token-uses",
      "verifier",
    ]);
    assert.equal((await workerAt(one, "blocked-logins")).holder?.pid, one.process.pid);
  }
  const headers = { authorization: `Bearer ${server.firstLogin.apiKey}` };
  const { text } = await send(second.url, "/readyz", { headers });
  assert.match(text, new RegExp(`^worker signer: running; done by \\S+, process ${first.process.pid}, `, "m"));
  const metrics = async ({ url }: One) => (await send(url, "/metrics")).text;
  assert.match(await metrics(first), /^ironlog_worker_here\{worker="signer"\} 1$/m);
  assert.match(await metrics(second), /^ironlog_worker_here\{worker="signer"\} 0$/m);
  assert.match(await metrics(second), /^ironlog_worker_good\{worker="signer"\} 1$/m);
  // Beside its own key the other one keeps what the holder signs.
  await act(second);
  const note = await untilSealed(second.url, await sizeOf(second.native));
  await until(() => readFileSync(checkpointFile(second), "utf8") === note);

  await server.kill();
  await untilHeld(second, second);
  await act(second);
  await untilSealed(second.url, await sizeOf(second.native));
  using shell = openShell();
  const verified = await shell.ironlog(["log", "verify", "--data", second.data, ...server.databaseArgs.slice(2)]);
  assert.equal(verified.code, 0, verified.stdout + verified.stderr);
  await assertSignedOnce(server);
});

test("a holder that is frozen in a verification loses it to the other, and adds nothing when it is thawed", async () => {
  await using two = await startTwo();
  const { server, first, second } = two;
  // A verification counts its rows, and waits.
  await using held = await holdTable(databaseUrl(server), "tree_node");
  const asked = await second.native.ask("POST", "log/verifications");
  assert.equal(asked.status, 202, asked.text);
  assert.notEqual(await running(second), null, "at once, though the other one does it");
  for (const one of [first, second]) await until(async () => (await running(one)) !== null);
  first.process.signal("SIGSTOP");
  try {
    await untilHeld(second, second);
    await held[Symbol.asyncDispose]();
    await until(async () => (await verifications(second)).length !== 0);
  } finally {
    first.process.signal("SIGCONT");
  }
  await untilHeld(first, second);
  await act(first);
  await untilSealed(first.url, await sizeOf(first.native));
  // Its end waits for whatever it had begun.
  assert.equal((await server.stop()).code, 0);
  await assertSignedOnce(server);
  assert.deepEqual(
    (await verifications(second)).map(({ integrity }) => integrity),
    ["intact"],
  );
});

test("what is wrong with the log is found and recorded once, whichever server is asked to verify it", async () => {
  await using two = await startTwo();
  const { server, second } = two;
  await takeGuardsOff(server, "event");
  await server.meddle("update event set type = 'FORGED' where id = 1");
  assert.equal((await second.native.ask("POST", "log/verifications")).status, 202);
  const recorded = async () => {
    const answer = await second.native.ask("GET", "events?action=log.verify&outcome=failure");
    return answer.json<{ items: readonly unknown[] }>().items.length;
  };
  await until(async () => (await recorded()) !== 0);
  await until(async () => (await running(second)) === null);
  for (const one of [two.first, second]) {
    assert.deepEqual(
      (await verifications(one)).map(({ integrity }) => integrity),
      ["damaged"],
    );
  }
  assert.equal(await recorded(), 1);
});

test("a signer in doubt lets the other one sign", async () => {
  await using two = await startTwo();
  const { server, first, second } = two;
  writeFileSync(checkpointFile(first), "no checkpoint");
  await until(async () => (await workerAt(first, "signer")).holder?.pid === second.process.pid);
  await act(first);
  await untilSealed(first.url, await sizeOf(first.native));
  const headers = { authorization: `Bearer ${server.firstLogin.apiKey}` };
  assert.match((await send(first.url, "/readyz", { headers })).text, /^signing: NO: what stands in/m);
  assert.equal((await workerAt(first, "verifier")).holder?.pid, first.process.pid);
});

test("the workers are administrators' to see", async () => {
  await using server = await startServerProcess({ kind: "sqlite" });
  const person = await makePerson(server);
  assert.equal((await person.native.ask("GET", "server/workers")).status, 403);
  const native = bearer(server, server.firstLogin.apiKey);
  const one: One = { process: server.process, url: server.url, data: server.data, native };
  const page = readFileSync(path.join(root, "docs/api/server.md"), "utf8");
  for (const worker of await workersAt(one)) {
    assert.ok(page.includes(`| \`${worker.name}\` `), `docs/api/server.md says what ${worker.name} does`);
    assert.deepEqual([worker.holder?.pid, worker.holder?.is_this_server], [server.process.pid, true], worker.name);
    assert.deepEqual([worker.state, worker.trouble], ["running", null]);
  }
});

test("a server without the log's key verifies only while none with the key is there", async () => {
  await using server = await startServerProcess({ kind: "postgres" });
  using folder = freshFolder();
  const database = server.databaseArgs.slice(server.databaseArgs.indexOf("--database"));
  takeAppendKeyAlong(server.data, folder.folder);
  await using process = serve(["--data", folder.folder, ...database]);
  const url = await readyAt(process);
  const native = bearer({ url }, server.firstLogin.apiKey);
  const keyless: One = { process, url, data: folder.folder, native };
  assert.deepEqual(
    [(await workerAt(keyless, "verifier")).holder?.pid, (await workerAt(keyless, "signer")).holder?.pid],
    [server.process.pid, server.process.pid],
  );
  await server.kill();
  await until(async () => (await workerAt(keyless, "verifier")).holder?.pid === process.pid);
  const { holder, state, trouble } = await workerAt(keyless, "signer");
  assert.deepEqual([holder, state, trouble], [null, "unable", "this server hasn't the log's key"]);
  await server.start();
  for (const name of names) {
    await until(async () => (await workerAt(keyless, name)).holder?.pid === server.process.pid);
  }
});
