import assert from "node:assert/strict";
import { readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { test, type TestContext } from "node:test";
import { hasProgram } from "../support/processes/command.ts";
import { freshFolder } from "../support/databases/databases.ts";
import { freshAddress } from "../support/clients/http-client.ts";
import { tryLogIn } from "../support/clients/native-client.ts";
import { admin, makePerson, type Person } from "../support/worlds/people.ts";
import { startProcess, type TestProcess } from "../support/processes/program.ts";
import { until } from "../support/until.ts";
import { startServerProcess, type ServerProcess } from "../support/server.ts";

// Promise 2: an answer is sent once the commit is on disk. A kill alone wouldn't notice a missing fsync: the kernel
// keeps what the process wrote.

/** Watches a server's fsyncs; undefined where this machine doesn't allow it. */
async function watch(server: ServerProcess, file: string): Promise<TestProcess | undefined> {
  const args = ["-f", "-y", "-e", "trace=fsync,fdatasync", "-o", file, "-p", String(server.process.pid)];
  const strace = startProcess({ command: "strace", args });
  try {
    await strace.until(/attached/, "stderr");
    return strace;
  } catch {
    await strace[Symbol.asyncDispose]();
    return undefined;
  }
}

/** How often the write-ahead log was synced, as strace wrote down before the server could go on. */
function syncsIn(file: string): number {
  return readFileSync(file, "utf8").match(/^.*\b(fsync|fdatasync)\(\d+<[^>]*ironlog\.db-wal>/gm)?.length ?? 0;
}

const acts: Record<string, (person: Person, server: ServerProcess) => Promise<{ readonly status: number }>> = {
  "making a token": (person) => person.native.ask("POST", "account/tokens", { name: "x" }),
  "changing a profile": (person) => person.native.ask("PATCH", "account", { last_name: `name ${Math.random()}` }),
  "an act that changes nothing": (person) => person.native.ask("PATCH", "account", {}),
  "a login": (person, server) => tryLogIn(server, person, { from: freshAddress() }),
  "a failed login": (person, server) =>
    tryLogIn(server, { ...person, password: "wrong password" }, { from: freshAddress() }),
  "a refused operation": (person) => person.native.ask("DELETE", "users/admin"),
};

/** Waits until the rules have looked at all that was recorded: how far they are is written down as well. */
async function caughtUp(server: ServerProcess): Promise<void> {
  await until(async () => {
    const answer = await admin(server).native.ask("GET", "server/workers");
    const { items } = answer.json<{ items: readonly { name: string; behind: number | null }[] }>();
    return items.find(({ name }) => name === "alerts")?.behind === 0;
  });
}

test("each acknowledged act on SQLite was synced to disk before", async (t: TestContext) => {
  if (!(await hasProgram("strace"))) return t.skip("there is no strace to count fsyncs with");
  await using server = await startServerProcess({ kind: "sqlite" });
  await server.stop();
  // Without its key it signs nothing: every sync is then that of an act.
  rmSync(path.join(server.data, "log.key"));
  await server.start();
  const person = await makePerson(server);
  using folder = freshFolder();
  const file = path.join(folder.folder, "strace");
  const strace = await watch(server, file);
  if (strace === undefined) return t.skip("strace isn't allowed to attach to a process here");
  await using _ = strace;
  for (const [name, act] of Object.entries(acts)) {
    for (let round = 0; round < 3; round += 1) {
      const before = syncsIn(file);
      const { status } = await act(person, server);
      assert.ok(status < 500, `${name}: ${status}`);
      assert.ok(syncsIn(file) > before, `${name} was answered ${status} without an fsync`);
    }
  }
  await caughtUp(server);
  const before = syncsIn(file);
  for (let round = 0; round < 5; round += 1) await person.native.ask("GET", "events");
  assert.equal(syncsIn(file), before, "reading costs none");
});
