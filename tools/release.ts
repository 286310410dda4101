import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import packageJson from "../package.json" with { type: "json" };
import { makePackages } from "./package.ts";
import { sha256Of } from "./package/sbom.ts";
import { findSigner, type Signer } from "./package/signing.ts";

// The checklist of a release: `npm run release`. It checks, makes and signs what is to be published, and publishes nothing.

const root = path.join(import.meta.dirname, "..");
const { version } = packageJson;

const usage = `Usage: npm run release -- [--sign KEY] [--check] [OPTION OF npm run package …]

Check that this checkout can be released, make the packages, check their sums and sign them. Nothing is
published: the end says what you do by hand.

  --sign KEY  sign SHA256SUMS with this secret key of minisign, or this SSH key
  --check     only check; make nothing
`;

/** What must be true before anything is made, by what is said where it isn't. */
const checks: Readonly<Record<string, () => boolean>> = {
  "The checkout has changes that no commit has: commit them, or 'git stash'.": () =>
    git("status", "--porcelain") === "",
  [`package.json has the version ${version}: it must be three numbers, such as 1.2.3.`]: () =>
    /^\d+\.\d+\.\d+$/.test(version),
  "package-lock.json has another version than package.json: run 'npm install --package-lock-only'.": () =>
    (JSON.parse(read("package-lock.json")) as { version: string }).version === version,
  [`A tag of this version or a later one is there: raise the version ${version} in package.json.`]: () =>
    tagged().every((tag) => isBefore(tag, version)),
  [`CHANGELOG.md must begin with '## ${version} – ' and the day of the release, such as 2026-12-31.`]: () =>
    new RegExp(`^## ${RegExp.escape(version)} – \\d{4}-\\d\\d-\\d\\d$`).test(
      /^## .*$/m.exec(read("CHANGELOG.md"))?.[0] ?? "",
    ),
  [`docs/operating/upgrade.md has no row for ${version}: say which schema it has.`]: () =>
    new RegExp(`^\\| ${RegExp.escape(version)} +\\|`, "m").test(read("docs/operating/upgrade.md")),
  "packaging/deb/control names nobody who can be reached: give Maintainer an address that isn't below .invalid.": () =>
    /^Maintainer: .+ <[^<>@]+@[^<>@]+(?<!\.invalid)>$/m.test(read("packaging/deb/control")),
};

async function release(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      sign: { type: "string" },
      check: { type: "boolean", default: false },
      only: { type: "string" },
      fast: { type: "boolean", default: false },
      out: { type: "string", default: path.join(root, "packages") },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return say(usage.trimEnd());
  const failed = Object.entries(checks).filter(([, isMet]) => !isMet());
  if (failed.length > 0) throw new Error(["This can't be released:", ...failed.map(([what]) => what)].join("\n  "));
  say(`Checked: ironlog ${version} can be released.`);
  // A key that can't be used shows before the packages are made, which takes minutes.
  const signer = values.sign === undefined ? undefined : findSigner(values.sign);
  if (values.check) return;
  const out = path.resolve(values.out);
  if (values.out === path.join(root, "packages")) fs.rmSync(out, { recursive: true, force: true });
  const only = values.only === undefined ? [] : ["--only", values.only];
  await makePackages(["--out", out, ...only, ...(values.fast ? ["--fast"] : [])]);
  say(`Made: ${checkSums(out)} files, whose SHA-256 are in SHA256SUMS.`);
  const signature = signer?.sign(path.join(out, "SHA256SUMS"), `ironlog ${version}`);
  if (signer !== undefined && signature !== undefined) say(`Signed: ${signature}, and it verifies.`);
  say(toDo(out, signer));
}

/** How many files are there; each must be what SHA256SUMS says, and SHA256SUMS must name each. */
function checkSums(folder: string): number {
  const sums = fs.readFileSync(path.join(folder, "SHA256SUMS"), "utf8").trimEnd().split("\n");
  const named = sums.map((line) => line.split("  "));
  const wrong = named.filter(([sum, file = ""]) => sha256Of(path.join(folder, file)) !== sum);
  const there = fs.readdirSync(folder).filter((file) => file !== "SHA256SUMS");
  const unnamed = there.filter((file) => !named.some(([, name]) => name === file));
  const faults = [...wrong.map(([, file = ""]) => file), ...unnamed];
  if (faults.length > 0)
    throw new Error(`SHA256SUMS doesn't say what is there: ${faults.join(", ")}. Make them again.`);
  return there.length;
}

function toDo(folder: string, signer: Signer | undefined): string {
  return `
Nothing is published. What you do:
  1. Tests on this commit: npm test, npm run test:package, npm run torture
  2. A signed tag: git tag --sign v${version} && git push origin v${version}
  3. The files in ${folder}${signer === undefined ? ", which aren't signed: see --sign" : `, with ${signer.file}`}, on the page of the release
  4. npm publish ${path.join(folder, `ironlog-${version}.tgz`)}
  5. snapcraft upload ${path.join(folder, `ironlog_${version}_amd64.snap`)}
  6. skopeo copy --all oci-archive:${path.join(folder, `ironlog-${version}-oci.tar`)} docker://REGISTRY/ironlog:${version}
  7. The next version in package.json, package-lock.json, docs/operating/upgrade.md and, 'unreleased', in CHANGELOG.md`;
}

function tagged(): readonly string[] {
  const tags = git("tag", "--list", "v*").split("\n");
  return tags.filter((tag) => /^v\d+\.\d+\.\d+$/.test(tag)).map((tag) => tag.slice(1));
}

function isBefore(one: string, other: string): boolean {
  return one.localeCompare(other, "en", { numeric: true }) < 0;
}

function git(...args: readonly string[]): string {
  return execFileSync("git", args, { cwd: root, encoding: "utf8" }).trim();
}

function read(file: string): string {
  return fs.readFileSync(path.join(root, file), "utf8");
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

if (import.meta.main) {
  try {
    await release(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`npm run release: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
