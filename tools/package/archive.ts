import * as fs from "node:fs";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { runTool } from "./program.ts";
import { settle } from "./settled.ts";

export interface Archive {
  /** The folder whose entries are archived. */
  readonly folder: string;
  /** The file to write; its ending says how it's compressed. */
  readonly file: string;
  readonly epochSeconds: number;
  readonly isFast: boolean;
}

/** Writes a `.tar.xz` or `.tgz` whose bytes follow from names, modes and contents alone. */
export async function writeArchive({ folder, file, epochSeconds, isFast }: Archive): Promise<void> {
  settle(folder, epochSeconds);
  const tar = `${file}.tar`;
  await writeTar({ folder, file: tar, epochSeconds });
  if (file.endsWith(".tgz")) {
    await pipeline(fs.createReadStream(tar), createGzip({ level: isFast ? 1 : 9 }), fs.createWriteStream(file));
    fs.rmSync(tar);
    return;
  }
  // One thread: with more, the bytes depend on how many there are.
  await runTool("xz", [isFast ? "-0" : "-6", "--threads=1", "--force", tar]);
  fs.renameSync(`${tar}.xz`, file);
}

interface Tar extends Pick<Archive, "folder" | "file" | "epochSeconds"> {
  /** Who owns everything in it, user and group; root without it. */
  readonly owner?: number;
}

/** Writes a tar file of a folder whose modes are settled. */
export async function writeTar({ folder, file, epochSeconds, owner = 0 }: Tar): Promise<void> {
  const facts = [
    "--sort=name",
    `--mtime=@${epochSeconds}`,
    `--owner=${owner}`,
    `--group=${owner}`,
    "--numeric-owner",
    "--format=gnu",
  ];
  await runTool("tar", ["-c", "-f", file, "-C", folder, ...facts, ...fs.readdirSync(folder).toSorted()]);
}

/** Copies files and folders into a folder, links as links. */
export function copyInto(target: string, from: string, names: readonly string[]): void {
  for (const name of names) {
    fs.mkdirSync(path.dirname(path.join(target, name)), { recursive: true });
    fs.cpSync(path.join(from, name), path.join(target, name), { recursive: true, verbatimSymlinks: true });
  }
}
