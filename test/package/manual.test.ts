import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import { writeManual } from "../../tools/package/manual.ts";
import { missing } from "./support/packages.ts";
import { step } from "./support/tools.ts";

test("mandoc finds no fault in the man pages", { skip: await missing("mandoc") }, async (t) => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "ironlog-manual-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const files = await writeManual(folder, 1_700_000_000);
  const { status, stdout, stderr } = step("mandoc", ["-T", "lint", ...files], { cwd: folder });
  assert.equal(stdout + stderr, "");
  assert.equal(status, 0);
});

test("man finds the pages, under the names of the commands", { skip: await missing("man", "mandb") }, async (t) => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "ironlog-manual-"));
  t.after(() => rmSync(folder, { recursive: true }));
  await writeManual(folder, 1_700_000_000);
  const env = { ...process.env, MANPAGER: "cat", MANWIDTH: "100", LC_ALL: "C.UTF-8" };
  const page = step("man", ["-M", folder, "ironlog-serve"], { env });
  assert.equal(page.stderr, "");
  assert.match(page.stdout, /^IRONLOG-SERVE\(8\)/);
  assert.match(page.stdout, /--trusted-proxy CIDR/);
  assert.match(step("man", ["-M", folder, "ironlog-log-verify"], { env }).stdout, /IRONLOG-LOG-VERIFY\(1\)/);
  const profile = step("man", ["-M", folder, "ironlog-profile"], { env }).stdout;
  for (const words of ["events query", "events search", "events proof ID", "users sessions USERNAME"])
    assert.match(profile, new RegExp(`^ +${words}$`, "m"));
  assert.match(profile, /Keys:[^.]*\bowner,/);
});
