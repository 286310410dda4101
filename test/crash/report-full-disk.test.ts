import assert from "node:assert/strict";
import { test } from "node:test";
import { eventLineOf, openings, reportedTo, startReporting } from "../support/cli/reporting.ts";
import { freshFolder } from "../support/databases/databases.ts";
import { freePort } from "../support/ports.ts";
import { run } from "../support/processes/command.ts";
import { ironlogWords, startProcess } from "../support/processes/program.ts";
import { startServerProcess } from "../support/server.ts";
import { smallDisk } from "./small-disk.ts";

test("a full disk stops `ironlog report` from reading, and all comes once the server is back", async (t) => {
  using disk = freshFolder();
  const probe = await run("unshare", [...smallDisk, "1m", disk.folder, "true"]).catch(() => undefined);
  if (probe?.code !== 0) return t.skip("this machine allows no small disk of the test's own");
  const port = String(await freePort());
  await using server = await startServerProcess({ kind: "sqlite", args: ["--port", port] });
  using reporting = await startReporting(server.url, server.firstLogin.apiKey);
  await server.kill();
  const words = ["report", "--profile", "prod", "--format", "json", "--spool", `${disk.folder}/spool`];
  await using report = startProcess({
    command: "unshare",
    args: [...smallDisk, "1m", disk.folder, ...ironlogWords, ...words],
    env: reporting.shell.env,
    hasInput: true,
  });
  const details = { text: "x".repeat(1_000) };
  report.write(Array.from({ length: 3_000 }, (_, index) => eventLineOf(index + 1, { details })).join(""), true);
  await report.until(/No room for the spool \S+: make room/, "stderr");
  await server.start();
  assert.equal((await report.ended).code, 0, report.stderr);
  assert.deepEqual(
    (await reportedTo(server)).map(({ description }) => description),
    openings(1, 3_000),
  );
});
