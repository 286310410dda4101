import { readFileSync } from "node:fs";
import path from "node:path";
import { inThePages, runtimePackages } from "../notices.ts";
import { nodeVersion } from "./node-program.ts";

const root = path.join(import.meta.dirname, "../..");

/** A part of a package, as CycloneDX writes it. */
export interface Component {
  readonly type: "library" | "application" | "operating-system";
  readonly "bom-ref": string;
  readonly name: string;
  readonly version: string;
  readonly purl: string;
  readonly licenses?: readonly { readonly expression: string }[];
  readonly hashes?: readonly { readonly alg: "SHA-256" | "SHA-512"; readonly content: string }[];
  readonly properties?: readonly { readonly name: string; readonly value: string }[];
  readonly components?: readonly Component[];
}

/** The packages of npm that are bundled into the program, those of `folders`, or into its pages. */
export function bundledComponents(folders: readonly string[]): readonly Component[] {
  const lock = JSON.parse(readFileSync(path.join(root, "package-lock.json"), "utf8")) as {
    readonly packages: Readonly<Record<string, { readonly integrity?: string }>>;
  };
  const known = runtimePackages();
  const unknown = folders.filter((folder) => !known.some((one) => one.folder === folder));
  if (unknown.length > 0) throw new Error(`THIRD-PARTY-NOTICES.md has no licence of ${unknown.join(", ")}.`);
  return known.flatMap(({ name, version, folder }) => {
    const places = [
      ...(folders.includes(folder) ? ["program"] : []),
      ...(folder === `node_modules/${name}` && inThePages.has(name) ? ["pages"] : []),
    ];
    if (places.length === 0) return [];
    const { license } = JSON.parse(readFileSync(path.join(root, folder, "package.json"), "utf8")) as {
      readonly license?: string;
    };
    const purl = `pkg:npm/${name.replace("@", "%40")}@${version}`;
    const integrity = lock.packages[folder]?.integrity?.replace("sha512-", "");
    const component: Component = {
      type: "library",
      "bom-ref": purl,
      name,
      version,
      purl,
      ...(license !== undefined && { licenses: [{ expression: license }] }),
      ...(integrity !== undefined && {
        hashes: [{ alg: "SHA-512", content: Buffer.from(integrity, "base64").toString("hex") }],
      }),
      properties: places.map((value) => ({ name: "ironlog:bundledInto", value })),
    };
    return [component];
  });
}

/** What Node itself is built from, where a list of weaknesses may name it. Not interfaces, and not tables of other standards. */
const partsOfNode = [
  "acorn",
  "ada",
  "amaro",
  "ares",
  "brotli",
  "icu",
  "libffi",
  "lief",
  "llhttp",
  "merve",
  "nghttp2",
  "openssl",
  "simdjson",
  "simdutf",
  "sqlite",
  "undici",
  "uv",
  "uvwasi",
  "v8",
  "zlib",
  "zstd",
];

/** Node, with what is built into it. */
export function nodeComponent(): Component {
  if (process.versions.node !== nodeVersion)
    throw new Error(`Packages bring Node ${nodeVersion}, and are made with it. This is ${process.versions.node}.`);
  const ref = `pkg:generic/node@${nodeVersion}`;
  return {
    type: "application",
    "bom-ref": ref,
    name: "node",
    version: nodeVersion,
    purl: ref,
    licenses: [{ expression: "MIT" }],
    components: partsOfNode.map((name) => {
      const version = process.versions[name];
      if (version === undefined) throw new Error(`This Node has no ${name}: strike it from partsOfNode.`);
      return {
        type: "library",
        "bom-ref": `${ref}#${name}`,
        name,
        version,
        purl: `pkg:generic/${name}@${encodeURIComponent(version)}`,
      };
    }),
  };
}
