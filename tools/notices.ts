import { existsSync, globSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

// Writes THIRD-PARTY-NOTICES.md: the licence of every package that Ironlog runs with. `npm run docs` calls it; a test
// fails where a package is missing.

const root = path.join(import.meta.dirname, "..");

interface Lock {
  readonly packages: Readonly<
    Record<
      string,
      { readonly version?: string; readonly dev?: boolean; readonly optional?: boolean; readonly link?: boolean }
    >
  >;
}

/** What `npm run build` puts into the pages, though it isn't installed with them: see the test of the built files. */
export const inThePages: ReadonlySet<string> = new Set([
  "@canonical/react-components",
  "@fontsource-variable/ubuntu-sans",
  "@fontsource-variable/ubuntu-sans-mono",
  "@noble/ed25519",
  "@noble/hashes",
  "@simplewebauthn/browser",
  "@tanstack/history",
  "@tanstack/query-core",
  "@tanstack/react-query",
  "@tanstack/react-router",
  "@tanstack/react-store",
  "@tanstack/react-virtual",
  "@tanstack/router-core",
  "@tanstack/store",
  "@tanstack/virtual-core",
  "classnames",
  "qrcode-generator",
  "react",
  "react-dom",
  "scheduler",
  "use-sync-external-store",
  "vanilla-framework",
]);

/** Optional to what needs it, and in the bundle. */
const bundledThoughOptional: ReadonlySet<string> = new Set(["pg-cloudflare"]);

/** The packages that are installed with Ironlog or shipped in its pages, by name. */
export function runtimePackages(): readonly {
  readonly name: string;
  readonly version: string;
  readonly folder: string;
}[] {
  const lock = JSON.parse(readFileSync(path.join(root, "package-lock.json"), "utf8")) as Lock;
  return Object.entries(lock.packages)
    .filter(([folder, { dev, optional, link }]) => {
      if (!folder.startsWith("node_modules/") || link === true) return false;
      const name = folder.replace("node_modules/", "");
      return (dev !== true && optional !== true) || inThePages.has(name) || bundledThoughOptional.has(name);
    })
    .map(([folder, { version = "" }]) => ({ name: folder.replace(/^.*node_modules\//, ""), version, folder }));
}

function notices(): string {
  const sections = runtimePackages().map(({ name, version, folder }) => {
    const about = JSON.parse(readFileSync(path.join(root, folder, "package.json"), "utf8")) as { license?: string };
    const [file] = globSync("{LICEN[SC]E,licen[sc]e}*", { cwd: path.join(root, folder) });
    const licence = file === undefined ? undefined : path.join(root, folder, file);
    const text = licence !== undefined && existsSync(licence) ? readFileSync(licence, "utf8").trim() : "";
    const quoted = text === "" ? "" : `\n\`\`\`\n${text.replaceAll("```", "'''")}\n\`\`\`\n`;
    return `## ${name} ${version}\n\n${about.license ?? "see its repository"}\n${quoted}`;
  });
  const texts = ["LGPL-3.0", "GPL-3.0"].map((name) => {
    const text = readFileSync(path.join(root, "packaging/licences", `${name}.txt`), "utf8").trim();
    return `## The text of ${name}\n\n\`\`\`\n${text}\n\`\`\`\n`;
  });
  return `# Third-party notices\n\nIronlog runs with these packages, each under its own licence. The texts of LGPL-3.0, and of GPL-3.0 that it refers to, are at the end. Packages that\nbring Node have its licences in \`licences/Node.txt\`.\n\n${[...sections, ...texts].join("\n")}`;
}

if (import.meta.main) writeFileSync(path.join(root, "THIRD-PARTY-NOTICES.md"), notices());
