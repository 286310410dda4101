import * as fs from "node:fs";
import path from "node:path";
import pins from "../../../packaging/oci/debian-packages.json" with { type: "json" };
import { type Architecture, allArchitectures, debianArchitecture } from "../architecture.ts";
import type { Component } from "../components.ts";
import { runTool } from "../program.ts";
import { sha256Of } from "../sbom.ts";

// The packages of Debian that an image consists of, besides Ironlog: packaging/oci/debian-packages.json has the version and the
// SHA-256 of each. `node tools/package/image/debian-packages.ts` writes there the newest ones of the suite.

const root = path.join(import.meta.dirname, "../../..");
const pinsFile = path.join(root, "packaging/oci/debian-packages.json");
const keptFolder = path.join(root, "node_modules/.cache/ironlog-packages");

const suite = "trixie";
/** What Node needs, a shell for the start scripts, and the folders and licences that any Debian has. */
const names = ["base-files", "dash", "gcc-14-base", "libatomic1", "libc6", "libgcc-s1", "libstdc++6"];

interface Pin {
  readonly name: string;
  readonly version: string;
  readonly sha256: string;
}

/** The pinned packages of an architecture. */
export function pinnedPackages(architecture: Architecture): readonly Pin[] {
  return pins.packages[debianArchitecture[architecture]];
}

/** Those of these names, or all, as a package's description lists them. */
export function debianComponents(architecture: Architecture, wanted: readonly string[] = names): readonly Component[] {
  const debian = debianArchitecture[architecture];
  return pinnedPackages(architecture)
    .filter(({ name }) => wanted.includes(name))
    .map(({ name, version, sha256 }) => {
      const purl = `pkg:deb/debian/${encodeURIComponent(name)}@${encodeURIComponent(version)}?arch=${debian}&distro=debian-13`;
      return { type: "library", "bom-ref": purl, name, version, purl, hashes: [{ alg: "SHA-256", content: sha256 }] };
    });
}

/** When the pins were written, in seconds: the time of all files that come from them. */
export const pinnedSeconds = pins.epochSeconds;

/** The files of the pinned packages, from Debian's archive or from the last time. Refuses one that is not the pinned bytes. */
export async function fetchDebianPackages(architecture: Architecture): Promise<readonly string[]> {
  const pinned = pinnedPackages(architecture);
  const missing = pinned.filter((pin) => !fs.existsSync(keptFile(pin)));
  if (missing.length > 0) {
    await withApt(architecture, async ({ folder, options }) => {
      const words = missing.map(({ name, version }) => `${name}=${version}`);
      try {
        await runTool("apt-get", [...options, "download", ...words], { cwd: folder });
      } catch (error) {
        throw new Error(
          `Debian's ${suite} doesn't have ${words.join(", ")} (any more): take the newest ones with 'node tools/package/image/debian-packages.ts', and commit them.`,
          { cause: error },
        );
      }
      for (const file of fs.globSync("*.deb", { cwd: folder })) keep(path.join(folder, file), missing);
    });
  }
  const lost = pinned.find((pin) => !fs.existsSync(keptFile(pin)));
  if (lost !== undefined)
    throw new Error(`Debian's ${lost.name} ${lost.version} isn't the one that is pinned: its SHA-256 differs.`);
  return pinned.map(keptFile);
}

function keptFile({ sha256 }: Pin): string {
  return path.join(keptFolder, `${sha256}.deb`);
}

function keep(file: string, pinned: readonly Pin[]): void {
  const sha256 = sha256Of(file);
  const pin = pinned.find((one) => one.sha256 === sha256);
  if (pin !== undefined) fs.renameSync(file, keptFile(pin));
}

/** Debian's package lists in a folder of their own, which knows nothing of this machine's packages. */
async function withApt<Result>(
  architecture: Architecture,
  use: (apt: { readonly folder: string; readonly options: readonly string[] }) => Promise<Result>,
): Promise<Result> {
  fs.mkdirSync(keptFolder, { recursive: true });
  const folder = fs.mkdtempSync(path.join(keptFolder, "apt-"));
  const keys = "[signed-by=/usr/share/keyrings/debian-archive-keyring.gpg]";
  const sources = [
    `deb ${keys} http://deb.debian.org/debian ${suite} main`,
    `deb ${keys} http://deb.debian.org/debian-security ${suite}-security main`,
  ];
  try {
    fs.writeFileSync(path.join(folder, "sources.list"), `${sources.join("\n")}\n`);
    fs.writeFileSync(path.join(folder, "status"), "");
    for (const part of ["state/lists/partial", "cache/archives/partial"]) {
      fs.mkdirSync(path.join(folder, part), { recursive: true });
    }
    const settings = {
      "Dir::State": path.join(folder, "state"),
      "Dir::State::status": path.join(folder, "status"),
      "Dir::Cache": path.join(folder, "cache"),
      "Dir::Etc::sourcelist": path.join(folder, "sources.list"),
      "Dir::Etc::sourceparts": "/dev/null",
      "APT::Architecture": debianArchitecture[architecture],
      "APT::Architectures": debianArchitecture[architecture],
      // Its own user may not write here.
      "APT::Sandbox::User": "root",
      "Acquire::Languages": "none",
    };
    const options = Object.entries(settings).flatMap(([name, value]) => ["-o", `${name}=${value}`]);
    await runTool("apt-get", [...options, "update", "--error-on=any"]);
    return await use({ folder, options });
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/** The newest version of each package that the suite has. */
async function newestPackages(architecture: Architecture): Promise<readonly Pin[]> {
  return await withApt(architecture, async ({ options }) => {
    const text = await runTool("apt-cache", [...options, "show", "--no-all-versions", ...names]);
    const found = text.split("\n\n").map((paragraph) => {
      const field = (name: string): string => new RegExp(`^${name}: (.*)$`, "m").exec(paragraph)?.[1] ?? "";
      return { name: field("Package"), version: field("Version"), sha256: field("SHA256") };
    });
    return names.map((name) => {
      const pin = found.find((one) => one.name === name);
      if (pin === undefined) throw new Error(`Debian's ${suite} has no ${name}.`);
      return pin;
    });
  });
}

async function writePins(): Promise<void> {
  const packages = Object.fromEntries(
    await Promise.all(
      allArchitectures.map(async (one) => [debianArchitecture[one], await newestPackages(one)] as const),
    ),
  );
  const written = { suite, epochSeconds: Math.floor(Date.now() / 1_000), packages };
  fs.writeFileSync(pinsFile, `${JSON.stringify(written, undefined, 2)}\n`);
}

if (import.meta.main) await writePins();
