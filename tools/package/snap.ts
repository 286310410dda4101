import * as fs from "node:fs";
import path from "node:path";
import { environmentName, serverSettings } from "../../src/config.ts";
import { type Architecture, debianArchitecture, gnuArchitecture } from "./architecture.ts";
import { copyInto } from "./archive.ts";
import { debianComponents } from "./image/debian-packages.ts";
import { writeDebianFolder } from "./image/root-folder.ts";
import { runTool } from "./program.ts";
import type { Format, Package, Release } from "./release.ts";
import { settle } from "./settled.ts";

const texts = path.join(import.meta.dirname, "../../packaging/snap");

/** Libraries that Node needs and the base may lack, by the packages of Debian that have them. */
const libraries: Readonly<Record<string, string>> = {
  libatomic1: "libatomic.so.1",
  "libgcc-s1": "libgcc_s.so.1",
  "libstdc++6": "libstdc++.so.6",
};

/** The snap, for amd64: the tree, libraries, and what snapd reads. */
export const snap: Format = async (release, workFolder) => {
  const made: Package[] = [];
  for (const architecture of release.architectures.filter((one) => one === "x64")) {
    made.push(await snapOf(release, architecture, path.join(workFolder, architecture)));
  }
  return made;
};

async function snapOf(release: Release, architecture: Architecture, workFolder: string): Promise<Package> {
  const { version, epochSeconds, isFast, outFolder } = release;
  const debian = debianArchitecture[architecture];
  const folder = path.join(workFolder, "snap");
  const tree = release.trees[architecture];
  copyInto(folder, tree, ["bin", "lib", "share/bash-completion"]);
  const documents = "share/doc/ironlog";
  copyInto(path.join(folder, documents), path.join(tree, documents), ["LICENSE", "THIRD-PARTY-NOTICES.md", "licences"]);
  await copyLibraries(architecture, folder, path.join(workFolder, "debian"));
  const values = { VERSION: version, ARCHITECTURE: debian, SETTINGS: settings() };
  for (const [text, place] of Object.entries(places)) put(text, path.join(folder, place), values);
  settle(folder, epochSeconds);
  const file = `ironlog_${version}_${debian}.snap`;
  const compression = isFast ? ["-comp", "lzo"] : ["-comp", "xz"];
  const facts = ["-noappend", "-no-xattrs", "-no-fragments", "-all-root", "-no-progress", "-quiet"];
  await runTool("mksquashfs", [folder, path.join(outFolder, file), ...facts, ...compression], {
    env: { ...process.env, SOURCE_DATE_EPOCH: String(epochSeconds) },
  });
  // snapd's own maker leaves a package that everybody may read.
  fs.chmodSync(path.join(outFolder, file), 0o644);
  const purl = `pkg:generic/ironlog@${version}?arch=${debian}&type=snap`;
  return { file, hasNode: true, purl, components: debianComponents(architecture, Object.keys(libraries)) };
}

/** Where snapd, and the description of the snap, want what. */
const places = {
  "snap.yaml": "meta/snap.yaml",
  configure: "meta/hooks/configure",
  "with-settings": "bin/with-settings",
  server: "bin/server",
};

function put(text: string, file: string, values: Readonly<Record<string, string>>): void {
  const from = path.join(texts, text);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const filled = fs.readFileSync(from, "utf8").replaceAll(/@([A-Z]+)@/g, (word, name: string) => values[name] ?? word);
  fs.writeFileSync(file, filled, { mode: fs.statSync(from).mode });
}

/** What 'snap set' takes, each with its variable. Where the data is, the snap itself says. */
function settings(): string {
  const taken = serverSettings.filter(({ flag }) => flag !== "data");
  return taken.map((setting) => `${setting.flag}=${environmentName(setting)}`).join(" ");
}

async function copyLibraries(architecture: Architecture, folder: string, debian: string): Promise<void> {
  await writeDebianFolder(architecture, debian);
  const from = path.join(debian, `usr/lib/${gnuArchitecture[architecture]}-linux-gnu`);
  for (const name of Object.values(libraries)) {
    const target = path.join(folder, "lib/libraries", name);
    fs.mkdirSync(path.dirname(target), { recursive: true });
    fs.copyFileSync(path.join(from, name), target);
  }
  // All three are parts of GCC, which has one file of licences.
  const [licences] = fs.globSync("usr/share/doc/gcc-*-base/copyright", { cwd: debian });
  if (licences === undefined) throw new Error("Debian's packages of GCC have no licences in them.");
  fs.copyFileSync(path.join(debian, licences), path.join(folder, "share/doc/ironlog/licences/GCC.txt"));
}
