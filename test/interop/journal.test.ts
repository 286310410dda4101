import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { existsSync, globSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { reportedTo, startReporting } from "../support/cli/reporting.ts";
import { freshFolder } from "../support/databases/databases.ts";
import { hasProgram, run } from "../support/processes/command.ts";
import { startProcess } from "../support/processes/program.ts";
import { startServer } from "../support/server.ts";
import { until } from "../support/until.ts";

// systemd's own journald and journalctl, in a namespace that nobody else uses.

const journald = "/lib/systemd/systemd-journald";
const skip = await whyNot();

async function whyNot(): Promise<string | false> {
  if (process.getuid?.() !== 0) return "only root may run a journal of its own";
  for (const name of [journald, "journalctl", "python3"])
    if (!(await hasProgram(name))) return `there is no ${name} here`;
  return false;
}

/** Writes entries of a unit, by journald's own protocol. */
const writer = `
import socket, sys
one = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
for text in sys.argv[2:]:
    one.sendto(b"MESSAGE\\n" + len(text.encode()).to_bytes(8, "little") + text.encode() +
      b"\\nOBJECT_SYSTEMD_UNIT=app.service\\nSYSLOG_IDENTIFIER=door\\nPRIORITY=4\\n", sys.argv[1])`;

test("a unit's entries are reported, before and behind a restart of the command", { skip }, async () => {
  await using server = await startServer({ kind: "sqlite" });
  using reporting = await startReporting(server.url, server.firstLogin.apiKey);
  using folder = freshFolder();
  const namespace = `ironlog-${randomBytes(4).toString("hex")}`;
  const runtime = `/run/systemd/journal.${namespace}`;
  await using _journal = startProcess({ command: journald, args: [namespace] });
  const socket = path.join(runtime, "socket");
  const write = async (...texts: readonly string[]): Promise<void> => {
    const { code, stderr } = await run("python3", ["-c", writer, socket, ...texts]);
    assert.equal(code, 0, stderr);
  };
  const wrapper = `#!/bin/sh\nPATH=$REAL_PATH exec journalctl --namespace=${namespace} "$@"\n`;
  writeFileSync(path.join(folder.folder, "journalctl"), wrapper, { mode: 0o755 });
  const real = process.env["PATH"] ?? "";
  const env = { PATH: `${folder.folder}:${real}`, REAL_PATH: real };
  const words = ["--format", "journald", "--journal", "app.service"];
  const long = `said ${"x".repeat(6_000)}`;
  try {
    await until(() => existsSync(socket));
    await write("said first", long);
    {
      await using report = reporting.start(words, env);
      await until(async () => (await reportedTo(server)).length === 2);
      report.signal("SIGKILL");
      await report.ended;
    }
    await write("said \u001b[31mred");
    await using report = reporting.start(words, env);
    await until(async () => (await reportedTo(server)).length === 3);
    await write("said last");
    await until(async () => (await reportedTo(server)).length === 4);
    report.signal("SIGTERM");
    assert.deepEqual(await report.ended, { code: 0, signal: null });
    assert.equal(report.stderr, "");
    const events = await reportedTo(server);
    assert.deepEqual(
      events.map(({ description }) => description?.slice(0, 20)),
      ["said first", long.slice(0, 20), "said \ufffd[31mred", "said last"],
    );
    assert.equal(events[1]?.details?.["message"], long);
    assert.deepEqual([events[0]?.action, events[0]?.level], ["journal.door", "WARNING"]);
  } finally {
    rmSync(runtime, { recursive: true, force: true });
    for (const place of globSync(`/{run,var}/log/journal/*.${namespace}`)) rmSync(place, { recursive: true });
  }
});
