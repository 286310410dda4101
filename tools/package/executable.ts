import * as fs from "node:fs";
import path from "node:path";
import type { Architecture } from "./architecture.ts";
import { copyInto, writeArchive } from "./archive.ts";
import { runTool } from "./program.ts";
import type { Format, Package, Release } from "./release.ts";

const root = path.join(import.meta.dirname, "../..");

/** The whole product in one file, `ironlog`, with its licences, man pages and completions beside it. */
export const executable: Format = async (release, workFolder) =>
  Promise.all(
    release.architectures.map(async (architecture) =>
      archiveOf(release, architecture, path.join(workFolder, architecture)),
    ),
  );

async function archiveOf(release: Release, architecture: Architecture, workFolder: string): Promise<Package> {
  const { version, epochSeconds, isFast } = release;
  const tree = release.trees[architecture];
  const name = `ironlog-${version}-linux-${architecture}`;
  const packed = path.join(workFolder, "packed");
  const folder = path.join(packed, name);
  fs.mkdirSync(folder, { recursive: true });
  await writeExecutable(tree, path.join(folder, "ironlog"), workFolder);
  fs.symlinkSync("ironlog", path.join(folder, "maas"));
  copyInto(folder, path.join(tree, "share/doc/ironlog"), ["LICENSE", "THIRD-PARTY-NOTICES.md", "licences"]);
  const others = fs.readdirSync(path.join(tree, "share")).filter((entry) => entry !== "doc");
  copyInto(path.join(folder, "share"), path.join(tree, "share"), others);
  const file = `${name}.tar.xz`;
  await writeArchive({ folder: packed, file: path.join(release.outFolder, file), epochSeconds, isFast });
  return { file, hasNode: true, purl: `pkg:generic/ironlog@${version}?arch=${architecture}&os=linux` };
}

/** Puts the program and its pages into a copy of Node, under the names that they have below `lib/ironlog`. */
async function writeExecutable(tree: string, file: string, workFolder: string): Promise<void> {
  const library = path.join(tree, "lib/ironlog");
  const names = fs
    .globSync("{dist,web/dist}/**/*", { cwd: library })
    .filter((name) => fs.statSync(path.join(library, name)).isFile())
    .toSorted();
  // Its name gets into the executable, so it's a short one: a path would differ with each build.
  const main = "main.cjs";
  copyInto(workFolder, path.join(root, "packaging/executable"), [main]);
  const description = path.join(workFolder, "executable.json");
  fs.writeFileSync(
    description,
    JSON.stringify({
      main,
      output: file,
      executable: path.join(library, "bin/node"),
      assets: Object.fromEntries(names.map((name) => [name, path.join(library, name)])),
      useVfs: true,
      disableExperimentalSEAWarning: true,
      // As the start script does.
      execArgv: ["--max-semi-space-size=16", "--disable-sigusr1"],
      // NODE_OPTIONS could load other code before the program.
      execArgvExtension: "none",
    }),
  );
  await runTool(process.execPath, ["--build-sea", description], { cwd: workFolder });
  fs.chmodSync(file, 0o755);
}
