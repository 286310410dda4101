import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { before, after, test } from "node:test";
import packageJson from "../../package.json" with { type: "json" };
import { startProcess } from "../support/processes/program.ts";
import { readyAt } from "../support/server.ts";
import { makePackages, missing, type Packages } from "./support/packages.ts";
import { step, succeed } from "./support/tools.ts";

const skip = await missing("npm", "npx", "x86_64-linux-gnu-strip");
const version = `ironlog ${packageJson.version}\n`;

/** What the tests of this file share: the tarball, and a place like a user's who has only Node and npm. */
let packages: Packages;
let place: string;
let tarball: string;

before(async () => {
  if (skip !== false) return;
  packages = await makePackages(["--fast", "--only", "npm"]);
  tarball = path.join(packages.folder, `ironlog-${packageJson.version}.tgz`);
  place = mkdtempSync(path.join(os.tmpdir(), "ironlog-npm-"));
  mkdirSync(path.join(place, "node"));
  symlinkSync(process.execPath, path.join(place, "node/node"));
});
after(() => {
  if (skip !== false) return;
  packages[Symbol.dispose]();
  rmSync(place, { recursive: true, force: true });
});

/** With the Node of the tests first in the path, or without it: with the machine's own. */
function environment(isNew = true): NodeJS.ProcessEnv {
  const { PATH = "", LANG } = process.env;
  // `npm test` puts the checkout's node_modules/.bin there, and its settings beside it.
  const own = PATH.split(path.delimiter).filter((folder) => !folder.includes("node_modules"));
  const folders = isNew ? [path.join(place, "node"), ...own] : own;
  return { HOME: place, LANG, PATH: folders.join(path.delimiter), npm_config_offline: "true", NO_COLOR: "1" };
}

test("`npm i -g` installs ironlog and maas, which run and serve on the user's Node", { skip }, async () => {
  const prefix = path.join(place, "global");
  succeed("npm", ["install", "--global", "--prefix", prefix, tarball], { env: environment(), cwd: place });
  const installed = path.join(prefix, "lib/node_modules/ironlog");
  assert.deepEqual(
    readdirSync(installed).filter((name) => name === "node_modules" || name === "src"),
    [],
  );
  const env = environment();
  assert.equal(succeed(path.join(prefix, "bin/ironlog"), ["--version"], { env }), version);
  assert.match(succeed(path.join(prefix, "bin/maas"), ["list", "--help"], { env }), /^Usage: maas list\n/);
  const data = ["--data", path.join(place, "data")];
  await using server = startProcess({
    command: path.join(prefix, "bin/ironlog"),
    args: ["serve", "--port", "0", ...data],
    env: { PATH: env["PATH"] ?? "", HOME: place },
  });
  const url = await readyAt(server);
  const page = await (await fetch(url)).text();
  assert.match(page, /<title>/);
  assert.match(succeed(path.join(prefix, "bin/ironlog"), ["log", "verify", ...data], { env }), /^Integrity: intact/);
  server.signal("SIGTERM");
  assert.equal((await server.ended).code, 0);
});

test("`npx` runs it without an installation", { skip }, () => {
  const ran = step("npx", ["--yes", "--package", tarball, "--", "ironlog", "--version"], {
    env: environment(),
    cwd: place,
  });
  assert.deepEqual([ran.status, ran.stdout], [0, version], ran.stderr);
});

const machinesNode = skip === false ? step("node", ["--version"], { env: environment(false) }).stdout.trim() : "";
const isOld = /^v(?:1?\d|2[0-3])\./.test(machinesNode);

test(
  "on a Node that is too old it says so in one line",
  {
    skip:
      skip !== false ? skip : isOld ? false : `not tested here: the machine's own Node is ${machinesNode || "none"}`,
  },
  () => {
    const prefix = path.join(place, "old");
    const env = environment(false);
    succeed("npm", ["install", "--global", "--prefix", prefix, tarball], { env, cwd: place });
    const line = `ironlog needs Node 24.21 or later; found: ${machinesNode}.\n`;
    for (const [words, status] of [
      [["--version"], 1],
      [["serve"], 78],
    ] as const) {
      const ran = step(path.join(prefix, "bin/ironlog"), words, { env });
      assert.deepEqual(ran, { status, stdout: "", stderr: line });
    }
    // As somebody would start it who knows no script: what the bundle says itself.
    const bundle = path.join(prefix, "lib/node_modules/ironlog/dist/ironlog.cjs");
    const ran = step("node", [bundle, "serve"], { env });
    assert.equal(ran.status, 78, ran.stderr);
    assert.match(ran.stderr, /^ironlog needs Node 24\.21 or later\. This is v\S+, \S+\n$/);
  },
);
