import * as fs from "node:fs";
import path from "node:path";
import packageJson from "../../package.json" with { type: "json" };
import { type Architecture, ownArchitecture } from "./architecture.ts";
import { copyInto, writeArchive } from "./archive.ts";
import type { Format } from "./release.ts";

const root = path.join(import.meta.dirname, "../..");

/** What npm shows of a package, or needs to install and start it. Nothing else: the bundle needs no other package. */
const kept = ["name", "version", "description", "keywords", "license", "bin", "type", "engines"] as const;

/** The package for npm: it runs on the Node that is there, and installs nothing beside itself. */
export const npm: Format = async ({ version, epochSeconds, isFast, trees, outFolder }, workFolder) => {
  const anyArchitecture: Architecture = ownArchitecture();
  const tree = trees[anyArchitecture];
  const folder = path.join(workFolder, "package");
  copyInto(folder, path.join(tree, "lib/ironlog"), ["dist", "web"]);
  copyInto(folder, root, ["bin"]);
  const documents = path.join(tree, "share/doc/ironlog");
  // Node is not in this package, nor are its licences.
  copyInto(
    folder,
    documents,
    fs.readdirSync(documents).filter((name) => name !== "licences"),
  );
  const about = Object.fromEntries(kept.map((key) => [key, packageJson[key]]));
  fs.writeFileSync(path.join(folder, "package.json"), `${JSON.stringify(about, undefined, 2)}\n`);
  const file = `ironlog-${version}.tgz`;
  await writeArchive({ folder: workFolder, file: path.join(outFolder, file), epochSeconds, isFast });
  return [{ file, hasNode: false, purl: `pkg:npm/ironlog@${version}` }];
};
