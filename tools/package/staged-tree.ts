import * as fs from "node:fs";
import path from "node:path";
import { buildWeb } from "../build-web.ts";
import { build } from "../build.ts";
import type { Architecture } from "./architecture.ts";
import { copyInto } from "./archive.ts";
import { writeCompletions } from "./completions.ts";
import { writeManual } from "./manual.ts";
import { writeNode } from "./node-program.ts";
import { settle } from "./settled.ts";

const root = path.join(import.meta.dirname, "../..");

/** The built program and what is read beside it, once for all architectures. */
export interface SharedParts {
  readonly folder: string;
  /** The packages that the program was bundled from, by their folders. */
  readonly bundled: readonly string[];
}

/**
 * Builds what is the same on every machine, as it stands in a tree:
 *
 * - `bin/ironlog`: starts the program; `lib/ironlog/bin/maas` does so by its second name
 * - `lib/ironlog/dist/`, `lib/ironlog/web/dist/`: the program and its pages
 * - `share/doc/ironlog/`: documents, licences, notices
 * - `share/man/man1/`, `share/man/man8/`: man pages
 * - `share/bash-completion/`, `share/zsh/`, `share/fish/`: completions
 */
export async function stageSharedParts(folder: string, epochSeconds: number): Promise<SharedParts> {
  const library = path.join(folder, "lib/ironlog");
  fs.mkdirSync(path.join(library, "web"), { recursive: true });
  const bundled = await build(path.join(library, "dist"));
  await buildWeb(path.join(library, "web/dist"));
  const starts = path.join(root, "packaging/tree");
  copyInto(path.join(folder, "bin"), starts, ["ironlog"]);
  copyInto(path.join(library, "bin"), starts, ["maas"]);
  stageDocuments(path.join(folder, "share/doc/ironlog"));
  writeCompletions(path.join(folder, "share"));
  await writeManual(path.join(folder, "share/man"), epochSeconds);
  return { folder, bundled };
}

function stageDocuments(folder: string): void {
  copyInto(folder, root, ["README.md", "CHANGELOG.md", "SECURITY.md", "LICENSE", "THIRD-PARTY-NOTICES.md", "docs"]);
  copyInto(path.join(folder, "licences"), path.join(root, "packaging/licences"), ["LGPL-3.0.txt", "GPL-3.0.txt"]);
  const node = path.dirname(fs.realpathSync(path.join(root, "node_modules/.bin/node")));
  fs.copyFileSync(path.join(node, "../LICENSE"), path.join(folder, "licences/Node.txt"));
}

/** Writes the tree of one architecture, which a package puts below `/usr`: the shared parts, and Node in `lib/ironlog/bin/node`. */
export async function stageTree(
  shared: SharedParts,
  architecture: Architecture,
  folder: string,
  epochSeconds: number,
): Promise<void> {
  copyInto(folder, shared.folder, fs.readdirSync(shared.folder));
  await writeNode(architecture, path.join(folder, "lib/ironlog/bin/node"));
  settle(folder, epochSeconds);
}
