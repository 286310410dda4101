import { createHash } from "node:crypto";
import * as fs from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { type Architecture, debianArchitecture } from "./architecture.ts";
import { copyInto } from "./archive.ts";
import { runTool } from "./program.ts";
import type { Format, Package, Release } from "./release.ts";
import { settle } from "./settled.ts";

const texts = path.join(import.meta.dirname, "../../packaging/deb");

/** The package for Debian and Ubuntu: the tree below `/usr`, a unit, a system user, and settings in `/etc/default/ironlog`. */
export const deb: Format = async (release, workFolder) =>
  Promise.all(
    release.architectures.map(async (architecture) =>
      debOf(release, architecture, path.join(workFolder, architecture)),
    ),
  );

async function debOf(release: Release, architecture: Architecture, folder: string): Promise<Package> {
  const { version, epochSeconds, isFast } = release;
  const debian = debianArchitecture[architecture];
  copyInto(path.join(folder, "usr"), release.trees[architecture], fs.readdirSync(release.trees[architecture]));
  putDebianTexts(folder, release);
  writeControl(path.join(folder, "DEBIAN"), folder, { VERSION: version, ARCHITECTURE: debian });
  settle(folder, epochSeconds);
  // An address of a database may hold a password.
  fs.chmodSync(path.join(folder, "etc/default/ironlog"), 0o600);
  const file = `ironlog_${version}_${debian}.deb`;
  const compression = isFast ? ["-Zgzip", "-z1"] : ["-Zxz", "-z6"];
  await runTool(
    "dpkg-deb",
    ["--root-owner-group", ...compression, "--build", folder, path.join(release.outFolder, file)],
    {
      // With more threads the bytes depend on how many there are.
      env: { ...process.env, SOURCE_DATE_EPOCH: String(epochSeconds), DPKG_DEB_THREADS_MAX: "1" },
    },
  );
  return { file, hasNode: true, purl: `pkg:deb/ironlog@${version}?arch=${debian}` };
}

/** Where Debian wants what. */
function putDebianTexts(folder: string, { version, epochSeconds }: Release): void {
  const put = (text: string, place: string): void => {
    const target = path.join(folder, place);
    fs.mkdirSync(path.dirname(target), { recursive: true });
    fs.copyFileSync(path.join(texts, text), target);
  };
  put("ironlog.service", "usr/lib/systemd/system/ironlog.service");
  put("sysusers.conf", "usr/lib/sysusers.d/ironlog.conf");
  put("default", "etc/default/ironlog");
  put("lintian-overrides", "usr/share/lintian/overrides/ironlog");
  const documents = path.join(folder, "usr/share/doc/ironlog");
  put("copyright", "usr/share/doc/ironlog/copyright");
  // `copyright` names these where Debian keeps them.
  for (const name of ["LICENSE", "licences/LGPL-3.0.txt", "licences/GPL-3.0.txt"])
    fs.rmSync(path.join(documents, name));
  fs.writeFileSync(path.join(documents, "changelog"), debianChangelog(version, epochSeconds));
  compress(path.join(documents, "changelog"));
  const manual = path.join(folder, "usr/share/man");
  for (const page of fs.globSync("man*/*", { cwd: manual })) compress(path.join(manual, page));
}

function debianChangelog(version: string, epochSeconds: number): string {
  const [, maintainer = ""] = /^Maintainer: (.*)$/m.exec(fs.readFileSync(path.join(texts, "control"), "utf8")) ?? [];
  const date = new Date(epochSeconds * 1000).toUTCString().replace("GMT", "+0000");
  return `ironlog (${version}) unstable; urgency=medium\n\n  * What changed is in CHANGELOG.md.\n\n -- ${maintainer}  ${date}\n`;
}

function compress(file: string): void {
  fs.writeFileSync(`${file}.gz`, gzipSync(fs.readFileSync(file), { level: 9 }));
  fs.rmSync(file);
}

/** Writes what dpkg itself reads: the description, the scripts, the sums of all files, and which of them people edit. */
function writeControl(control: string, folder: string, facts: Readonly<Record<string, string>>): void {
  const files = fs
    .globSync("**/*", { cwd: folder })
    .filter((name) => fs.lstatSync(path.join(folder, name)).isFile())
    .toSorted();
  fs.mkdirSync(control);
  copyInto(control, texts, ["preinst", "postinst", "prerm", "postrm"]);
  const settings = "etc/default/ironlog";
  fs.writeFileSync(path.join(control, "conffiles"), `/${settings}\n`);
  const sums = files
    .filter((name) => name !== settings)
    .map(
      (name) =>
        `${createHash("md5")
          .update(fs.readFileSync(path.join(folder, name)))
          .digest("hex")}  ${name}\n`,
    );
  fs.writeFileSync(path.join(control, "md5sums"), sums.join(""));
  // As dpkg counts: in KiB, each file rounded up.
  const size = files.reduce((sum, name) => sum + Math.ceil(fs.statSync(path.join(folder, name)).size / 1024), 0);
  const values = { ...facts, SIZE: String(size) };
  const description = fs.readFileSync(path.join(texts, "control"), "utf8");
  fs.writeFileSync(
    path.join(control, "control"),
    description.replaceAll(/@([A-Z]+)@/g, (_, name: keyof typeof values) => values[name] ?? ""),
  );
}
