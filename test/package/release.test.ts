import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import packageJson from "../../package.json" with { type: "json" };
import { root } from "../support/processes/program.ts";
import { guardMs, missing } from "./support/packages.ts";
import { step, type StepOutcome, succeed } from "./support/tools.ts";

const { version } = packageJson;
const skip = await missing("git", "xz", "x86_64-linux-gnu-strip", "minisign", "ssh-keygen");

/** A checkout of its own with one commit, in which the changelog says that today's version is released. */
class Checkout implements Disposable {
  readonly folder = mkdtempSync(path.join(os.tmpdir(), "ironlog-release-"));
  readonly #env = {
    ...process.env,
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_AUTHOR_NAME: "Ada",
    GIT_AUTHOR_EMAIL: "ada@example.com",
    GIT_COMMITTER_NAME: "Ada",
    GIT_COMMITTER_EMAIL: "ada@example.com",
  };

  constructor() {
    const files = succeed("git", ["ls-files", "--cached", "--others", "--exclude-standard", "-z"], { cwd: root });
    for (const file of files.split("\0").filter((name) => name !== "")) {
      cpSync(path.join(root, file), path.join(this.folder, file));
    }
    symlinkSync(path.join(root, "node_modules"), path.join(this.folder, "node_modules"));
    this.git("init", "--quiet");
    writeFileSync(path.join(this.folder, ".git/info/exclude"), "node_modules\n");
    this.edit("CHANGELOG.md", /^## .*$/m, `## ${version} – 2026-12-31`);
    this.edit("packaging/deb/control", /@ironlog\.invalid>/, "@example.com>");
    this.commit();
  }

  git(...args: readonly string[]): void {
    succeed("git", args, { cwd: this.folder, env: this.#env });
  }

  edit(file: string, from: RegExp, to: string): void {
    const at = path.join(this.folder, file);
    writeFileSync(at, readFileSync(at, "utf8").replace(from, to));
  }

  commit(): void {
    this.git("add", "--all");
    this.git("commit", "--quiet", "--message", "release");
  }

  release(...args: readonly string[]): StepOutcome {
    return step(process.execPath, ["tools/release.ts", ...args], {
      cwd: this.folder,
      env: this.#env,
      timeoutMs: guardMs,
    });
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

test("a checkout that can't be released is told all of why, and nothing is made", { skip }, () => {
  using checkout = new Checkout();
  const good = checkout.release("--check");
  assert.deepEqual(good, { status: 0, stdout: `Checked: ironlog ${version} can be released.\n`, stderr: "" });
  checkout.git("tag", `v${version}`);
  checkout.edit("CHANGELOG.md", /^## .*$/m, `## ${version} – unreleased`);
  checkout.edit("docs/operating/upgrade.md", /^\| \d.*\n/gm, "");
  checkout.edit("package-lock.json", /"version": "[^"]+"/, '"version": "0.0.7"');
  checkout.edit("packaging/deb/control", /@example\.com>/, "@ironlog.invalid>");
  const out = path.join(checkout.folder, "out");
  const bad = checkout.release("--fast", "--only", "npm", "--out", out);
  assert.equal(bad.status, 1);
  assert.equal(bad.stdout, "");
  for (const what of [
    "The checkout has changes that no commit has",
    "package-lock.json has another version than package.json",
    "A tag of this version or a later one is there",
    `CHANGELOG.md must begin with '## ${version} – ' and the day`,
    `docs/operating/upgrade.md has no row for ${version}`,
    "packaging/deb/control names nobody who can be reached",
  ]) {
    assert.ok(bad.stderr.includes(what), bad.stderr);
  }
  assert.ok(!readdirSync(checkout.folder).includes("out"));
});

test("packages are made, their sums are checked and signed, and nothing is published", { skip }, () => {
  using checkout = new Checkout();
  const keys = mkdtempSync(path.join(checkout.folder, ".git/keys-"));
  const [mini, miniPublic, shell] = [path.join(keys, "mini"), path.join(keys, "mini.pub"), path.join(keys, "shell")];
  succeed("minisign", ["-G", "-W", "-s", mini, "-p", miniPublic]);
  succeed("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", shell]);
  const other = path.join(keys, "other");
  writeFileSync(other, "hello");
  assert.match(
    checkout.release("--check", "--sign", other).stderr,
    /is neither a secret key of minisign nor an SSH key/,
  );
  for (const [key, signature] of [
    [mini, "SHA256SUMS.minisig"],
    [shell, "SHA256SUMS.sig"],
  ] as const) {
    const out = path.join(keys, signature, "packages");
    const made = checkout.release("--fast", "--only", "npm", "--out", out, "--sign", key);
    assert.equal(made.status, 0, made.stderr);
    assert.match(made.stdout, new RegExp(`Signed: ${signature}, and it verifies`));
    assert.match(made.stdout, /Nothing is published\. What you do:\n/);
    const files = readdirSync(out).toSorted();
    const tarball = `ironlog-${version}.tgz`;
    assert.deepEqual(files, ["SHA256SUMS", signature, tarball, `${tarball}.cdx.json`].toSorted());
    succeed("sha256sum", ["--check", "--strict", "SHA256SUMS"], { cwd: out });
    const sums = readFileSync(path.join(out, "SHA256SUMS"), "utf8");
    if (key === mini) {
      const verified = succeed("minisign", ["-V", "-p", miniPublic, "-m", "SHA256SUMS"], { cwd: out });
      assert.match(verified, new RegExp(`Trusted comment: ironlog ${version}`));
    } else {
      const allowed = path.join(keys, "allowed");
      writeFileSync(allowed, `ada@example.com ${readFileSync(`${shell}.pub`, "utf8")}`);
      const args = ["-Y", "verify", "-f", allowed, "-I", "ada@example.com", "-n", "file", "-s", signature];
      assert.match(succeed("ssh-keygen", args, { cwd: out, input: sums }), /^Good "file" signature/);
    }
  }
});
