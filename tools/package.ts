import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import packageJson from "../package.json" with { type: "json" };
import { allArchitectures, type Architecture, ownArchitecture } from "./package/architecture.ts";
import { bundledComponents } from "./package/components.ts";
import { deb } from "./package/deb.ts";
import { executable } from "./package/executable.ts";
import { image } from "./package/image/image.ts";
import { npm } from "./package/npm.ts";
import type { Format, Release } from "./package/release.ts";
import { sha256Of, writeSbom } from "./package/sbom.ts";
import { snap } from "./package/snap.ts";
import { stageSharedParts, stageTree } from "./package/staged-tree.ts";

// `npm run package` makes the packages of this version into packages/, with a description of each and SHA256SUMS.

const root = path.join(import.meta.dirname, "..");

/** Every kind of package, by the name that `--only` takes. */
const formats: Readonly<Record<string, Format>> = { deb, snap, executable, npm, oci: image };

const usage = `Usage: npm run package -- [OPTION …]

Make Ironlog's packages from this checkout.

  --only NAME[,NAME …]  make only these: ${Object.keys(formats).join(", ")}
  --fast                for tests: compress quickly, and make packages for this machine alone
  --out FOLDER          where they go, a new or empty folder; without it, packages/, which is emptied first
`;

/** Makes the packages that the arguments ask for. */
export async function makePackages(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: "string" },
      fast: { type: "boolean", default: false },
      out: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return void process.stdout.write(usage);
  const names = values.only?.split(",") ?? Object.keys(formats);
  const unknown = names.find((name) => formats[name] === undefined);
  if (unknown !== undefined)
    throw new Error(`There is no package called ${unknown}: choose among ${Object.keys(formats).join(", ")}.`);
  const outFolder = path.resolve(values.out ?? path.join(root, "packages"));
  if (values.out === undefined) fs.rmSync(outFolder, { recursive: true, force: true });
  fs.mkdirSync(outFolder, { recursive: true });
  if (fs.readdirSync(outFolder).length > 0) throw new Error(`${outFolder} has files in it: give an empty folder.`);
  const workFolder = fs.mkdtempSync(path.join(os.tmpdir(), "ironlog-package-"));
  try {
    await make(names, { version: packageJson.version, isFast: values.fast, outFolder }, workFolder);
  } finally {
    fs.rmSync(workFolder, { recursive: true, force: true });
  }
}

async function make(
  names: readonly string[],
  wanted: Pick<Release, "version" | "isFast" | "outFolder">,
  workFolder: string,
): Promise<void> {
  const epochSeconds = commitSeconds();
  const architectures = wanted.isFast ? [ownArchitecture()] : allArchitectures;
  const shared = await stageSharedParts(path.join(workFolder, "shared"), epochSeconds);
  const trees: Record<Architecture, string> = {
    x64: path.join(workFolder, "x64"),
    arm64: path.join(workFolder, "arm64"),
  };
  for (const architecture of architectures) await stageTree(shared, architecture, trees[architecture], epochSeconds);
  const release: Release = { ...wanted, epochSeconds, architectures, trees };
  const bundled = bundledComponents(shared.bundled);
  const files: string[] = [];
  for (const name of names) {
    const format = formats[name];
    if (format === undefined) continue;
    const folder = path.join(workFolder, name);
    fs.mkdirSync(folder);
    for (const made of await format(release, folder)) {
      files.push(made.file, writeSbom(release, made, bundled));
      process.stdout.write(`${path.join(wanted.outFolder, made.file)}\n`);
    }
    fs.rmSync(folder, { recursive: true, force: true });
  }
  const sums = files.toSorted().map((file) => `${sha256Of(path.join(wanted.outFolder, file))}  ${file}\n`);
  fs.writeFileSync(path.join(wanted.outFolder, "SHA256SUMS"), sums.join(""));
}

/** When the commit was made; SOURCE_DATE_EPOCH says it where there is no repository. */
function commitSeconds(): number {
  const given = process.env["SOURCE_DATE_EPOCH"];
  return Number(given ?? execFileSync("git", ["log", "-1", "--format=%ct"], { cwd: root, encoding: "utf8" }));
}

if (import.meta.main) {
  try {
    await makePackages(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`npm run package: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
