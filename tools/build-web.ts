import * as fs from "node:fs";
import * as path from "node:path";
import { promisify } from "node:util";
import * as zlib from "node:zlib";
import { build } from "vite";

const rootFolder = path.resolve(import.meta.dirname, "..");
const webFolder = path.join(rootFolder, "web");
const builtFolder = path.join(webFolder, "dist");

/** What is worth compressing; fonts are compressed already. */
const compressible = /\.(?:html|js|css|svg)$/;

/**
 * Builds the browser application into `web/dist`, with each file beside it as brotli and gzip, so that the server compresses
 * nothing. Into a folder of its own first: whoever starts meanwhile finds the old or the new.
 */
export async function buildWeb(folder: string = builtFolder): Promise<void> {
  const draft = `${folder}.${process.pid}`;
  const startedAt = new Date();
  // A shell may say "development"; the pages are always those that are shipped.
  process.env["NODE_ENV"] = "production";
  try {
    await build({
      configFile: path.join(webFolder, "vite.config.ts"),
      logLevel: "warn",
      build: { outDir: draft, emptyOutDir: true },
    });
    for (const file of fs.globSync("**/*", { cwd: draft }).filter((name) => compressible.test(name))) {
      await compress(path.join(draft, file));
    }
    fs.utimesSync(path.join(draft, "index.html"), startedAt, startedAt);
    putInPlace(draft, folder);
  } finally {
    fs.rmSync(draft, { recursive: true, force: true });
  }
}

/** Another build may end at the same moment, and put its own there first: the later one stays. */
function putInPlace(draft: string, folder: string): void {
  for (;;) {
    fs.rmSync(folder, { recursive: true, force: true });
    try {
      fs.renameSync(draft, folder);
      return;
    } catch (error) {
      if (!["ENOTEMPTY", "EEXIST"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
    }
  }
}

/** Builds where it is missing or older than its source. */
export async function buildWebIfStale(): Promise<void> {
  const page = path.join(builtFolder, "index.html");
  const builtAtMs = fs.existsSync(page) ? fs.statSync(page).mtimeMs : 0;
  const sources = [
    ...fs.globSync("web/{src,public}/**", { cwd: rootFolder }),
    "web/index.html",
    "web/vite.config.ts",
    "package.json",
  ];
  if (sources.some((source) => fs.statSync(path.join(rootFolder, source)).mtimeMs > builtAtMs)) await buildWeb();
}

const gzip = promisify(zlib.gzip);
const brotli = promisify(zlib.brotliCompress);

async function compress(file: string): Promise<void> {
  const bytes = fs.readFileSync(file);
  fs.writeFileSync(`${file}.gz`, await gzip(bytes, { level: 9 }));
  fs.writeFileSync(
    `${file}.br`,
    await brotli(bytes, { params: { [zlib.constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }),
  );
}

if (import.meta.main) await (process.argv.includes("--if-stale") ? buildWebIfStale() : buildWeb());
