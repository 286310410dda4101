import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { after, before, test } from "node:test";
import packageJson from "../../package.json" with { type: "json" };
import { freePort } from "../support/ports.ts";
import { readyAt } from "../support/server.ts";
import { guardMs, makePackages, missing, type Packages } from "./support/packages.ts";
import { FakeSnapd } from "./support/fake-snapd.ts";
import { step, succeed } from "./support/tools.ts";

const { version } = packageJson;
const skip = await missing("apt-get", "dpkg-deb", "mksquashfs", "unsquashfs", "x86_64-linux-gnu-strip");
const skipPack = skip || (await missing("snap"));
const isRoot = process.getuid?.() === 0 || "not tested here: snapd's services and hooks are root's";
const skipRun =
  skip ||
  (await missing("chroot", "mknod")) ||
  (isRoot === true ? process.arch !== "x64" && "not tested here: the snap is for amd64" : isRoot);

let packages: Packages;
let file: string;
let place: string;
/** What snapd would mount. */
let mounted: string;

before(async () => {
  if (skip !== false) return;
  packages = await makePackages(["--only", "snap"]);
  file = path.join(packages.folder, `ironlog_${version}_amd64.snap`);
  place = mkdtempSync(path.join(os.tmpdir(), "ironlog-snap-"));
  mounted = path.join(place, "mounted");
  succeed("unsquashfs", ["-quiet", "-no-progress", "-dest", mounted, file], { timeoutMs: guardMs });
});
after(() => {
  if (skip !== false) return;
  packages[Symbol.dispose]();
  rmSync(place, { recursive: true, force: true });
});

test("snap pack takes what is in the snap, which is small and root's", { skip: skipPack }, () => {
  assert.deepEqual(step("snap", ["pack", "--check-skeleton", mounted]), { status: 0, stdout: "", stderr: "" });
  const packed = succeed("snap", ["pack", mounted, path.join(place, "packed")], { timeoutMs: guardMs });
  assert.match(packed, new RegExp(`ironlog_${version.replaceAll(".", "\\.")}_amd64\\.snap`));
  assert.ok(statSync(file).size <= 40_000_000, `${statSync(file).size} bytes`);
  const owners = succeed("unsquashfs", ["-lln", file]).match(/^[-dl]\S+ (\d+\/\d+)/gm) ?? [];
  assert.ok(owners.length > 50);
  assert.deepEqual(
    owners.filter((line) => !line.endsWith(" 0/0")),
    [],
  );
});

test("Node finds its libraries in the snap, but for those of every base", { skip }, () => {
  const needed = succeed("readelf", ["--dynamic", path.join(mounted, "lib/ironlog/bin/node")]);
  const names = Array.from(needed.matchAll(/\(NEEDED\).*\[(.+)\]/g), ([, name = ""]) => name);
  assert.ok(names.includes("libatomic.so.1"), needed);
  const ofTheBase = /^(?:libc|libm|libdl|libpthread|ld-linux-x86-64)\.so/;
  assert.deepEqual(
    names.filter((name) => !ofTheBase.test(name) && !existsSync(path.join(mounted, "lib/libraries", name))),
    [],
  );
});

test(
  "the configure hook refuses what the server would refuse, and starts the server again",
  { skip: skipRun },
  async () => {
    using snapd = await FakeSnapd.start(place, file);
    snapd.settings = { port: "5300", "allowed-host": "a.example,b.example", "maas-version": "2.8" };
    assert.deepEqual(snapd.run(["meta/hooks/configure"]), { status: 0, stdout: "", stderr: "" });
    assert.deepEqual(snapd.asked, ["restart ironlog.server"]);
    snapd.state = "ironlog.server  enabled  inactive  -";
    snapd.run(["meta/hooks/configure"]);
    assert.deepEqual(snapd.asked, ["start ironlog.server"]);
    snapd.state = "ironlog.server  disabled  inactive  -";
    snapd.run(["meta/hooks/configure"]);
    assert.deepEqual(snapd.asked, []);
    for (const [settings, says] of [
      [{ port: "70000" }, /--port/],
      [{ database: "mysql://x" }, /--database/],
      [{ "maas-version": "3.4" }, /--maas-version/],
      [{ "tls-cert": "/nowhere/cert.pem", "tls-key": "/nowhere/key.pem" }, /\/nowhere\/cert\.pem/],
    ] as const) {
      snapd.settings = settings;
      const refused = snapd.run(["meta/hooks/configure"]);
      assert.notEqual(refused.status, 0);
      assert.match(refused.stderr, says);
      assert.equal(refused.stderr.trim().split("\n").length, 1, refused.stderr);
      assert.deepEqual(snapd.asked, []);
    }
  },
);

test(
  "the server runs with what is set, keeps its data over versions, and ends with a signal",
  { skip: skipRun },
  async () => {
    using snapd = await FakeSnapd.start(place, file);
    const port = await freePort();
    snapd.settings = { port: String(port) };
    await using server = snapd.start();
    const url = await readyAt(server);
    assert.equal(new URL(url).port, String(port));
    assert.ok(existsSync(path.join(snapd.common, "ironlog.db")));
    assert.match(snapd.run(["bin/with-settings", "bin/ironlog", "log", "verify"]).stdout, /^Integrity: intact/);
    assert.equal(snapd.run(["bin/with-settings", "bin/ironlog", "health"]).status, 0);
    const asMaas = snapd.run(["bin/with-settings", "lib/ironlog/bin/maas", "list", "--help"]);
    assert.match(asMaas.stdout, /^Usage: maas list\n/);
    // To the shell alone, as `stop-mode: sigterm` does.
    server.signal("SIGTERM");
    assert.equal((await server.ended).code, 0, server.stderr);
    assert.match(server.stderr, /stopping: what is in flight is finished first/);
  },
);

test(
  "after a revert the older version says why it doesn't serve, isn't started again, and loses nothing",
  { skip: skipRun },
  async () => {
    using snapd = await FakeSnapd.start(place, file);
    snapd.settings = { port: "0" };
    {
      await using server = snapd.start();
      await readyAt(server);
      server.signal("SIGTERM");
      await server.ended;
    }
    const database = path.join(snapd.common, "ironlog.db");
    {
      using opened = new DatabaseSync(database);
      opened.exec("insert into kysely_migration values ('9999-later', '2031-01-01T00:00:00Z')");
    }
    const before = readFileSync(database);
    await using server = snapd.start();
    assert.equal((await server.ended).code, 0, "another status would be started again");
    assert.match(server.stderr, /written by a newer Ironlog \(it has 9999-later\)/);
    assert.match(server.stderr, /'snap start ironlog\.server'/);
    assert.deepEqual(readFileSync(database), before);
  },
);

test("what may pass is left to snapd, which tries again", { skip: skipRun }, async () => {
  using snapd = await FakeSnapd.start(place, file);
  snapd.settings = { database: "postgres://ironlog@127.0.0.1:1/ironlog?sslmode=disable" };
  await using server = snapd.start();
  assert.equal((await server.ended).code, 1, server.stderr);
});
