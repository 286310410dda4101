import assert from "node:assert/strict";
import { chmodSync, chownSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { openShell } from "../../support/processes/command.ts";
import { freshFolder } from "../../support/databases/databases.ts";
import { readyAt, refusedStart, serve, startServerProcess } from "../../support/server.ts";

// Files that hold a secret, and who else may read them.

test("the log's own key is refused where others may read or write it, by the server and by local commands", async () => {
  await using server = await startServerProcess({ kind: "sqlite" });
  using shell = openShell();
  await server.stop();
  const key = path.join(server.data, "log.key");
  assert.equal(statSync(key).mode & 0o777, 0o600);
  for (const mode of [0o604, 0o644, 0o666, 0o602, 0o640, 0o660, 0o620]) {
    chmodSync(key, mode);
    const says = new RegExp(`log\\.key is open to .*mode 0${mode.toString(8)}.*chmod 600 '${key}'`);
    assert.match(await refusedStart(server.databaseArgs), says);
    const folder = path.join(server.data, `bundle-${mode}`);
    const bundle = await shell.ironlog(["log", "bundle", "-o", folder, ...server.databaseArgs]);
    assert.notEqual(bundle.code, 0);
    assert.match(bundle.stderr, says);
  }
  chmodSync(key, 0o600);
  await server.start();
});

const isRoot = process.getuid?.() === 0;
const nobody = 65_534;

test(
  "another user's key may be readable by a group, as systemd and Kubernetes give it, and not by all",
  { skip: isRoot ? false : "only root can give a file to another user" },
  async () => {
    await using server = await startServerProcess({ kind: "sqlite" });
    await server.stop();
    const key = path.join(server.data, "log.key");
    chownSync(key, nobody, 0);
    chmodSync(key, 0o444);
    assert.match(await refusedStart(server.databaseArgs), /open to all users \(mode 0444\): run chmod o= /);
    chmodSync(key, 0o440);
    await server.start();
  },
);

test("a private key of TLS that others can read is refused", async () => {
  await using server = await startServerProcess({ kind: "sqlite" });
  await server.stop();
  const [certificate, key] = [path.join(server.data, "cert.pem"), path.join(server.data, "key.pem")];
  writeFileSync(certificate, "");
  writeFileSync(key, "", { mode: 0o644 });
  const flags = ["--tls-cert", certificate, "--tls-key", key];
  assert.match(await refusedStart([...server.databaseArgs, ...flags]), /--tls-key: .*key\.pem is open to all users/);
});

test("the server's lock is for its owner alone, also where an earlier version has made it", async () => {
  using folder = freshFolder();
  chmodSync(folder.folder, 0o755);
  const lock = path.join(folder.folder, "server.lock");
  for (const before of [undefined, 0o644]) {
    if (before !== undefined) chmodSync(lock, before);
    await using server = serve(["--data", folder.folder]);
    await readyAt(server);
    assert.equal(statSync(lock).mode & 0o777, 0o600);
    server.signal("SIGTERM");
    assert.equal((await server.ended).code, 0);
  }
});
