import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { openShell, run } from "../../support/processes/command.ts";
import { root } from "../../support/processes/program.ts";
import { sharedServers } from "../../support/server.ts";

const serverOf = sharedServers();

test("the example of docs/api/nodes.md works as it is written", async () => {
  const server = await serverOf("sqlite");
  using shell = openShell();
  assert.equal((await shell.ironlog(["login", "admin", `${server.url}/MAAS/`, server.firstLogin.apiKey])).code, 0);
  const page = readFileSync(path.join(root, "docs/api/nodes.md"), "utf8");
  const script = /```sh\n(.*?)```/s.exec(page)?.[1] ?? "";
  const env = { ...shell.env, PATH: `${path.join(root, "bin")}:${process.env["PATH"]}` };
  const { code, stdout, stderr } = await run("/bin/sh", ["-euc", script], { env });
  assert.equal(code, 0, stdout + stderr);
  const answer = stdout.slice(stdout.search(/\{\s*"count"/));
  const { events } = JSON.parse(answer) as { events: readonly { description: string }[] };
  assert.deepEqual(
    events.map(({ description }) => description),
    [
      "Updated the 'machine' 'web': status.",
      "Started deploying 'web'.",
      "Updated the 'machine' 'web': status.",
      "Started commissioning on 'web'.",
      "Added the 'machine' 'web'.",
    ],
  );
});
