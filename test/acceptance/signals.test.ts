import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { holdTable } from "../support/databases/held-table.ts";
import { hasProgram, ironlogFile } from "../support/processes/command.ts";
import { freshFolder } from "../support/databases/databases.ts";
import { forEachKind } from "../support/each-kind.ts";
import { send } from "../support/clients/http-client.ts";
import { allEvents, bearer } from "../support/clients/native-client.ts";
import { admin } from "../support/worlds/people.ts";
import { ironlogWords, packagedFile, startProcess } from "../support/processes/program.ts";
import { readFirstLogin, readyAt, serve, startServerProcess, type ServerProcess } from "../support/server.ts";
import { until } from "../support/until.ts";

// What signals do to a server: none ends it without its event, and none opens Node's inspector.

async function stopsOf(server: ServerProcess): Promise<readonly unknown[]> {
  const stops = await allEvents(admin(server).native, { action: "server.stop" });
  return stops.map(({ details }) => details?.["signal"]).toReversed();
}

/** Flags of Node, which a package may have inside its program: test/package/executable.test.ts looks at what comes of them. */
const testOfNode = packagedFile === undefined ? test : test.skip;

forEachKind((kind) => {
  test(`SIGHUP without a certificate, SIGQUIT and others stop the server, exit 0, and are recorded (${kind})`, async () => {
    await using server = await startServerProcess({ kind });
    const signals = ["SIGHUP", "SIGQUIT", "SIGPWR", "SIGXCPU", "SIGALRM", "SIGVTALRM"] as const;
    for (const signal of signals) {
      assert.deepEqual(await server.stop(signal), { code: 0, signal: null }, signal);
      await server.start();
    }
    assert.deepEqual(await stopsOf(server), signals);
  });
});

test("SIGUSR1 opens no inspector, SIGUSR2 and SIGPIPE do nothing, and the server goes on", async () => {
  await using server = await startServerProcess({ kind: "sqlite" });
  for (const signal of ["SIGUSR1", "SIGUSR2", "SIGPIPE"] as const) {
    server.process.signal(signal);
    assert.equal((await send(server.url, "/healthz")).status, 200, signal);
  }
  assert.deepEqual(await server.stop(), { code: 0, signal: null });
  assert.doesNotMatch(server.output, /Debugger listening/);
});

testOfNode(
  "the start script tells Node to ignore SIGUSR1 from the first moment on, unless IRONLOG_DEBUG is set",
  async () => {
    for (const [env, hasFlag] of [
      [{}, true],
      [{ IRONLOG_DEBUG: "1" }, false],
    ] as const) {
      using folder = freshFolder();
      const args = ["serve", "--port", "0", "--data", folder.folder];
      await using server = startProcess({ command: ironlogFile, args, env });
      await readyAt(server);
      assert.equal(wordsOf(server.pid).includes("--disable-sigusr1"), hasFlag);
    }
  },
);

/** The words that a process was started with. */
function wordsOf(pid: number): readonly string[] {
  return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
}

testOfNode("the verification that runs beside the server ignores SIGUSR1, and has no debugger of its own", async () => {
  await using server = await startServerProcess({ kind: "postgres" });
  const { native } = admin(server);
  // So that it can be looked at: only a verification reads this table.
  await using _held = await holdTable(server.databaseArgs.at(-1) ?? "", "tree_node");
  const begun = await native.ask("POST", "log/verifications");
  assert.ok(begun.status < 300, begun.text);
  let words: readonly string[] = [];
  // Beside the search index's. A child is a copy of the server until it has its own program.
  await until(() => {
    const file = `/proc/${server.process.pid}/task/${server.process.pid}/children`;
    const children = readFileSync(file, "utf8").trim().split(" ").filter(Boolean).map(Number);
    words = children.map(wordsOf).find((one) => one.includes("verify")) ?? [];
    return words.length > 0;
  });
  assert.ok(words.includes("--disable-sigusr1"), words.join(" "));
});

const inspected = { NODE_OPTIONS: "--inspect=127.0.0.1:0" };

testOfNode(
  "a server with an open inspector doesn't start, and says what to do, unless IRONLOG_DEBUG is set",
  async () => {
    using folder = freshFolder();
    await using refused = serve(["--data", folder.folder], inspected);
    assert.equal((await refused.ended).code, 78);
    assert.match(refused.stderr, /^ironlog serve: Node's inspector is open.*IRONLOG_DEBUG=1/m);
    await using debugged = serve(["--data", folder.folder], { ...inspected, IRONLOG_DEBUG: "1" });
    await readyAt(debugged);
    debugged.signal("SIGTERM");
    assert.equal((await debugged.ended).code, 0);
  },
);

testOfNode("a server whose inspector is opened while it runs stops, says why, and records it", async () => {
  const opener = `import { open } from "node:inspector"; process.on("SIGCONT", () => open(0, "127.0.0.1"));`;
  const env = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(opener)}` };
  await using server = await startServerProcess({ kind: "sqlite", env });
  server.process.signal("SIGCONT");
  assert.equal((await server.process.ended).code, 78);
  assert.match(server.process.stderr, /Node's inspector is open/);
  await server.start();
  assert.deepEqual(await stopsOf(server), ["inspector"]);
});

test("a terminal that is closed stops the server, and that is recorded", async (t) => {
  if (!(await hasProgram("script"))) return t.skip("there is no script(1) to make a terminal with");
  using folder = freshFolder();
  const words = ironlogWords.map((word) => `'${word}'`).join(" ");
  const command = `echo "pid $$"; exec ${words} serve --port 0 --data '${folder.folder}' > out`;
  await using terminal = startProcess({ command: "script", args: ["-qec", command, "/dev/null"], cwd: folder.folder });
  const [, pid = ""] = await terminal.until(/pid (\d+)/);
  const out = path.join(folder.folder, "out");
  await until(() => readFileSync(out, { encoding: "utf8", flag: "a+" }).includes("is ready"));
  terminal.signal("SIGKILL");
  await until(() => !isRunning(Number(pid)));
  await using again = serve(["--data", folder.folder]);
  const url = await readyAt(again);
  const { apiKey } = readFirstLogin(folder.folder);
  const [stop] = await allEvents(bearer({ url }, apiKey), { action: "server.stop" });
  assert.equal(stop?.details?.["signal"], "SIGHUP");
});

function isRunning(pid: number): boolean {
  try {
    // What has ended, but wasn't waited for, is there too.
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}
