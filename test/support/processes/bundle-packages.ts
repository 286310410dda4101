import { existsSync, renameSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import { rolldown } from "rolldown";
import { root } from "./program.ts";

/** What is imported of packages that come as hundreds of files each, two in three of all that a test of a server loads. */
const names = ["kysely", "kysely/migration", "typebox", "typebox/compile", "typebox/value"];

/** Always the same place, since Node keeps what it compiled by a file's path. */
const folder = path.join(root, "node_modules/.cache/ironlog-packages");

/** Bundles them for every test file of a run, unless that was done since packages were installed. Gives the files' URLs by the names. */
export async function bundlePackages(): Promise<Readonly<Record<string, string>>> {
  if (!isFresh()) await bundle();
  return Object.fromEntries(names.map((name) => [name, new URL(`file://${fileOf(name)}`).href]));
}

const fileOf = (name: string): string => path.join(folder, `${name.replace("/", "-")}.mjs`);

function isFresh(): boolean {
  if (!names.every((name) => existsSync(fileOf(name)))) return false;
  const builtAtMs = statSync(folder).mtimeMs;
  return [path.join(root, "package-lock.json"), import.meta.filename].every(
    (file) => statSync(file).mtimeMs < builtAtMs,
  );
}

async function bundle(): Promise<void> {
  const draft = `${folder}.${process.pid}`;
  const input = Object.fromEntries(names.map((name) => [path.basename(fileOf(name), ".mjs"), name]));
  const bundled = await rolldown({ input, platform: "node", cwd: root });
  try {
    await bundled.write({ dir: draft, format: "esm", entryFileNames: "[name].mjs", chunkFileNames: "[name].mjs" });
    rmSync(folder, { recursive: true, force: true });
    renameSync(draft, folder);
  } finally {
    await bundled.close();
    rmSync(draft, { recursive: true, force: true });
  }
}
