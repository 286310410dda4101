import * as fs from "node:fs";
import path from "node:path";
import type { Architecture } from "../architecture.ts";
import { copyInto } from "../archive.ts";
import { runTool } from "../program.ts";
import { settle } from "../settled.ts";
import { fetchDebianPackages, pinnedPackages, pinnedSeconds } from "./debian-packages.ts";

/** The user that the image runs as: one that no Debian gives to anybody. By number, since Kubernetes can't look up a name. */
export const imageUser = 64_210;

/** Fills a folder with what Debian gives: libraries, a shell, licences, and a user. */
export async function writeDebianFolder(architecture: Architecture, folder: string): Promise<void> {
  fs.mkdirSync(folder);
  const status = path.join(folder, "var/lib/dpkg/status.d");
  const pins = pinnedPackages(architecture);
  for (const [at, file] of (await fetchDebianPackages(architecture)).entries()) {
    await runTool("dpkg-deb", ["--extract", file, folder]);
    fs.mkdirSync(status, { recursive: true });
    // Where tools that look for weaknesses read which packages an image has.
    fs.writeFileSync(path.join(status, pins[at]?.name ?? ""), await runTool("dpkg-deb", ["--field", file]));
  }
  const unread = [
    ...fs.globSync("usr/share/{man,info,lintian,locale,debianutils,base-files}", { cwd: folder }),
    ...fs.globSync("usr/share/doc/*/*", { cwd: folder }).filter((file) => path.basename(file) !== "copyright"),
  ];
  for (const name of unread) fs.rmSync(path.join(folder, name), { recursive: true });
  const files = {
    "etc/passwd": `root:x:0:0:root:/root:/bin/sh\nironlog:x:${imageUser}:${imageUser}:Ironlog:/data:/bin/sh\n`,
    "etc/group": `root:x:0:\nironlog:x:${imageUser}:\n`,
    "etc/nsswitch.conf": "passwd: files\ngroup: files\nhosts: files dns\n",
  };
  for (const [name, text] of Object.entries(files)) fs.writeFileSync(path.join(folder, name), text);
  settle(folder, pinnedSeconds);
  for (const shared of ["tmp", "var/tmp"]) fs.chmodSync(path.join(folder, shared), 0o1777);
}

/** Fills a folder with Ironlog. Nobody asks an image for man pages and completions. */
export function writeIronlogFolder(tree: string, folder: string, epochSeconds: number): void {
  const usr = path.join(folder, "usr");
  copyInto(usr, tree, ["bin", "lib"]);
  const documents = "share/doc/ironlog";
  copyInto(path.join(usr, documents), path.join(tree, documents), ["LICENSE", "THIRD-PARTY-NOTICES.md", "licences"]);
  settle(folder, epochSeconds);
}

/** Fills a folder with the one that holds the data. Its owner comes with the archive. */
export function writeDataFolder(folder: string): void {
  const data = path.join(folder, "data");
  fs.mkdirSync(data, { recursive: true });
  settle(folder, pinnedSeconds);
  fs.chmodSync(data, 0o700);
}
