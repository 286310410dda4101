import * as fs from "node:fs";
import * as path from "node:path";
import { rolldown } from "rolldown";
import packageJson from "../package.json" with { type: "json" };

const rootFolder = path.resolve(import.meta.dirname, "..");

/**
 * Bundles the `ironlog` command with its packages as CommonJS, since one file is read several times as fast as hundreds
 * are found: `ironlog.cjs` with what a client command needs, and a chunk for all else, loaded when wanted. Into a folder
 * of its own first, so that whoever starts `ironlog` meanwhile finds the old or the new, never half of one. Gives the
 * packages that it put in, by their folders.
 */
export async function build(folder: string = path.join(rootFolder, "dist")): Promise<readonly string[]> {
  const draft = `${folder}.${process.pid}`;
  const startedAt = new Date();
  try {
    const packages = await bundle(draft);
    // A source that changed meanwhile must count as newer.
    fs.utimesSync(path.join(draft, entryName), startedAt, startedAt);
    fs.rmSync(folder, { recursive: true, force: true });
    fs.renameSync(draft, folder);
    return packages;
  } finally {
    fs.rmSync(draft, { recursive: true, force: true });
  }
}

/** Builds where `dist` is missing or older than the source. */
export async function buildIfStale(): Promise<void> {
  const builtAtMs = fs.existsSync(bundleFile) ? fs.statSync(bundleFile).mtimeMs : 0;
  const sources = [...fs.globSync("src/**", { cwd: rootFolder }), "package.json"];
  const isStale = sources.some((source) => fs.statSync(path.join(rootFolder, source)).mtimeMs > builtAtMs);
  if (isStale) await build();
}

const entryName = "ironlog.cjs";

/** Where the command is built. */
export const bundleFile = path.join(rootFolder, "dist", entryName);

async function bundle(folder: string): Promise<readonly string[]> {
  const bundled = await rolldown({
    input: path.join(rootFolder, "src", "main.ts"),
    platform: "node",
    // pg looks for it and goes on without.
    external: ["pg-native"],
    tsconfig: path.join(rootFolder, "tsconfig.json"),
  });
  try {
    const { output } = await bundled.write({
      dir: folder,
      format: "cjs",
      entryFileNames: entryName,
      chunkFileNames: "[name].cjs",
      comments: false,
      // What the first command loads is in one file: each costs half a millisecond.
      codeSplitting: {
        groups: [
          {
            name: "base",
            test: /\0rolldown|src\/(?:terminal\/(?:exit|single-file)|cli\/client\/(?:server|percent-encoding))\.ts$/,
          },
        ],
      },
      banner: ({ isEntry }) => (isEntry ? versionCheck() : ""),
    });
    return packagesOf(output.flatMap((chunk) => (chunk.type === "chunk" ? chunk.moduleIds : [])));
  } finally {
    await bundled.close();
  }
}

/** The packages that modules belong to, as folders: `node_modules/fastify`. */
function packagesOf(modules: readonly string[]): readonly string[] {
  const folders = modules.flatMap(
    (module) => /(?<=\/)node_modules\/(?:.*\/node_modules\/)?(?:@[^/]+\/)?[^/]+/.exec(module) ?? [],
  );
  return [...new Set(folders)].toSorted();
}

/** Before all else, in words that any Node understands: an old one would stop at a line that says nothing to its owner. */
function versionCheck(): string {
  const needed = packageJson.engines.node.replace(">=", "");
  const [major = "0", minor = "0"] = needed.split(".");
  return [
    `var [major, minor] = process.versions.node.split(".").map(Number);`,
    `if (major < ${major} || (major === ${major} && minor < ${minor})) {`,
    `  console.error("ironlog needs Node ${needed} or later. This is " + process.version + ", " + process.execPath);`,
    // No retry of a server mends it: EX_CONFIG.
    `  process.exit(process.argv[2] === "serve" ? 78 : 1);`,
    `}`,
  ].join("\n");
}

if (import.meta.main) await (process.argv.includes("--if-stale") ? buildIfStale() : build());
