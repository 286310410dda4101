import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { existsSync, readdirSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { ironlogFile, openShell, type Shell } from "../../support/processes/command.ts";
import { freshFolder } from "../../support/databases/databases.ts";
import { forEachKind } from "../../support/each-kind.ts";
import { admin } from "../../support/worlds/people.ts";
import { powerFailure, report } from "../../support/reports.ts";
import { startProcess } from "../../support/processes/program.ts";
import { startServerProcess, type ServerProcess } from "../../support/server.ts";
import { until } from "../../support/until.ts";

// A file or folder that a command writes is there whole, or not at all.

interface Written {
  readonly command: readonly string[];
  readonly name: string;
}

const written = (folder: string): readonly Written[] => [
  { command: ["backup", path.join(folder, "backup.gz")], name: "backup.gz" },
  { command: ["log", "bundle", "level=ERROR", "-o", path.join(folder, "bundle/")], name: "bundle" },
  { command: ["events", "export", "-o", path.join(folder, "events.csv")], name: "events.csv" },
  // The log has left by then; the copy is made again.
  { command: ["log", "export", path.join(folder, "export.gz")], name: "export.gz" },
];

/** A stopped server whose log takes a while to be written. */
async function startLarge(kind: "sqlite" | "postgres"): Promise<ServerProcess> {
  const server = await startServerProcess({ kind });
  // Random, or the first bytes of what is compressed would be there only at the end.
  const description = (): string => randomBytes(1000).toString("hex");
  const batch = Array.from({ length: 1000 }, () => ({ ...powerFailure, level: "ERROR", description: description() }));
  for (let made = 0; made < 3; made += 1) await report(admin(server).native, batch);
  await server.stop();
  return server;
}

/** Signals a command once something of what it writes is there, and gives how it ended. */
async function interrupt(
  shell: Shell,
  server: ServerProcess,
  folder: string,
  args: readonly string[],
  by: NodeJS.Signals,
) {
  await using process = startProcess({ command: ironlogFile, args: [...args, ...server.databaseArgs], env: shell.env });
  const isBegun = (): boolean =>
    readdirSync(folder, { recursive: true, withFileTypes: true }).some((entry) => {
      const file = path.join(entry.parentPath, entry.name);
      return file.includes(".part") && entry.isFile() && existsSync(file) && statSync(file).size > 0;
    });
  while (!isBegun() && !process.hasEnded) await sleep(2);
  process.signal(by);
  const end = await process.ended;
  return { ...end, stderr: process.stderr };
}

const signals = {
  sqlite: ["SIGHUP", "SIGINT", "SIGTERM", "SIGQUIT"],
  postgres: ["SIGTERM"],
} as const;

forEachKind((kind) => {
  test(`what a command writes is there whole or not at all, whichever signal ends it (${kind})`, async () => {
    await using server = await startLarge(kind);
    using shell = openShell();
    for (const { command, name } of written("FOLDER")) {
      using folder = freshFolder();
      const args = command.map((word) => word.replace("FOLDER", folder.folder));
      for (const signal of signals[kind]) {
        const { code, stderr } = await interrupt(shell, server, folder.folder, args, signal);
        assert.equal(code, 1, `${name} ${signal}: ${stderr}`);
        assert.match(stderr, /^Interrupted/, name);
        assert.deepEqual(readdirSync(folder.folder), [], `${name} ${signal}`);
      }
      await interrupt(shell, server, folder.folder, args, "SIGKILL");
      assert.ok(!existsSync(path.join(folder.folder, name)), name);
      const again = await shell.ironlog([...args, ...server.databaseArgs]);
      assert.equal(again.code, 0, again.stderr);
      const left = readdirSync(folder.folder).filter((file) => !file.endsWith(".part"));
      assert.deepEqual(left, [name]);
    }
  });
});

test("a copy whose folder isn't there says what to make", async () => {
  await using server = await startServerProcess({ kind: "sqlite" });
  using shell = openShell();
  using folder = freshFolder();
  const file = path.join(folder.folder, "nowhere", "copy.gz");
  const ran = await shell.ironlog(["backup", file, ...server.databaseArgs]);
  assert.notEqual(ran.code, 0);
  assert.ok(ran.stderr.includes(`${file} (ENOENT: no such file or directory): make its folder first`), ran.stderr);
});

test("a name that is taken is in nobody's way but its own, and what is there stays", async () => {
  await using server = await startServerProcess({ kind: "sqlite" });
  using shell = openShell();
  using folder = freshFolder();
  const file = path.join(folder.folder, "taken");
  writeFileSync(file, "mine");
  // Until the first checkpoint has come, a proof is refused for another reason.
  await until(async () => (await shell.ironlog(["log", "proof", "1", ...server.databaseArgs])).code === 0);
  for (const command of [
    ["backup", file],
    ["log", "proof", "1", "-o", file],
    ["log", "bundle", "-o", file],
  ]) {
    const ran = await shell.ironlog([...command, ...server.databaseArgs]);
    assert.notEqual(ran.code, 0);
    assert.match(ran.stderr, /taken \(EEXIST/, command.join(" "));
    assert.deepEqual(readdirSync(folder.folder), ["taken"]);
  }
});
