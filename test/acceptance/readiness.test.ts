import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { freshFolder } from "../support/databases/databases.ts";
import { readyAt, serve } from "../support/server.ts";
import { until } from "../support/until.ts";

/** A folder with a `systemd-notify` that writes down what it was told, and whether the server answered by then. */
function fakeNotify(folder: string, status = 0): Record<string, string> {
  const file = path.join(folder, "systemd-notify");
  writeFileSync(file, `#!/bin/sh\nprintf '%s\\n' "$NOTIFY_SOCKET" "$@" > "$0.told"\nexit ${status}\n`, { mode: 0o755 });
  return { PATH: `${folder}:${process.env["PATH"]}` };
}

test("the service manager is told once the server answers, where it asks", async () => {
  using folder = freshFolder();
  const env = { ...fakeNotify(folder.folder), NOTIFY_SOCKET: "/run/manager" };
  await using server = serve(["--data", path.join(folder.folder, "data")], env);
  const url = await readyAt(server);
  const told = path.join(folder.folder, "systemd-notify.told");
  await until(() => existsSync(told) && readFileSync(told, "utf8").endsWith("\n"));
  assert.equal(readFileSync(told, "utf8"), `/run/manager\n--ready\n--status=Ironlog is ready at ${url}/\n`);
  server.signal("SIGTERM");
  assert.equal((await server.ended).code, 0);
});

test("nobody is told where nobody asks", async () => {
  using folder = freshFolder();
  await using server = serve(["--data", path.join(folder.folder, "data")], fakeNotify(folder.folder));
  await readyAt(server);
  server.signal("SIGTERM");
  assert.equal((await server.ended).code, 0);
  assert.ok(!existsSync(path.join(folder.folder, "systemd-notify.told")));
});

test("a manager that can't be told doesn't end the server, which says what is missing", async () => {
  for (const [status, hasProgram] of [
    [1, true],
    [0, false],
  ] as const) {
    using folder = freshFolder();
    const found = fakeNotify(folder.folder, status);
    const env = { ...(hasProgram ? found : { PATH: "/nowhere" }), NOTIFY_SOCKET: "/run/manager" };
    await using server = serve(["--data", path.join(folder.folder, "data")], env);
    const url = await readyAt(server);
    await server.until(/the service manager can't be told that the server is ready/, "stderr");
    assert.equal((await fetch(`${url}/healthz`)).status, 200);
  }
});
