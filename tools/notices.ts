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

/** The packages that are installed with Ironlog, by name. */
export function runtimePackages(): readonly {
  readonly name: string;
  readonly version: string;
  readonly folder: string;
}[] {
  const lock = JSON.parse(readFileSync(path.join(root, "package-lock.json"), "utf8")) as Lock;
  return Object.entries(lock.packages)
    .filter(([folder, { dev, optional, link }]) => {
      return folder.startsWith("node_modules/") && dev !== true && optional !== true && link !== true;
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
  return `# Third-party notices\n\nIronlog runs with these packages, each under its own licence.\n\n${sections.join("\n")}`;
}

if (import.meta.main) writeFileSync(path.join(root, "THIRD-PARTY-NOTICES.md"), notices());
