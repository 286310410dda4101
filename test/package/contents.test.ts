import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { build as buildPages } from "vite";
import packageJson from "../../package.json" with { type: "json" };
import { root } from "../support/processes/program.ts";
import { sha256Of } from "../../tools/package/sbom.ts";
import { guardMs, makePackages, missing, type Packages } from "./support/packages.ts";
import { succeed } from "./support/tools.ts";

const skip = await missing("xz", "tar", "dpkg-deb", "mksquashfs", "x86_64-linux-gnu-strip", "aarch64-linux-gnu-strip");
const guarded = { skip, timeout: guardMs };
const isRoot = process.getuid?.() === 0;
const skipArm =
  skip ||
  (await missing("skopeo", "umoci", "qemu-aarch64-static", "chroot")) ||
  (!isRoot && "not tested here: needs root");
const { version } = packageJson;

interface Component {
  readonly "bom-ref": string;
  readonly name: string;
  readonly version: string;
  readonly purl: string;
  readonly properties?: readonly { readonly value: string }[];
  readonly components?: readonly Component[];
}

interface Bom {
  readonly specVersion: string;
  readonly serialNumber: string;
  readonly metadata: {
    readonly timestamp: string;
    readonly component: { readonly hashes: readonly { readonly content: string }[] };
  };
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
}

/** All packages of all architectures, as they are published. */
let packages: Packages;
before(async () => {
  if (skip === false) packages = await makePackages([]);
});
after(() => packages?.[Symbol.dispose]());

const bomOf = (file: string): Bom =>
  JSON.parse(readFileSync(path.join(packages.folder, `${file}.cdx.json`), "utf8")) as Bom;

test("all packages are there, and none is larger than what is promised", guarded, () => {
  const largest: Readonly<Record<string, number>> = {
    [`ironlog_${version}_amd64.deb`]: 32,
    [`ironlog_${version}_arm64.deb`]: 32,
    [`ironlog_${version}_amd64.snap`]: 40,
    [`ironlog-${version}-linux-x64.tar.xz`]: 32,
    [`ironlog-${version}-linux-arm64.tar.xz`]: 32,
    [`ironlog-${version}.tgz`]: 3,
    [`ironlog-${version}-oci.tar`]: 130,
  };
  const files = Object.keys(largest).flatMap((file) => [file, `${file}.cdx.json`]);
  assert.deepEqual(readdirSync(packages.folder).toSorted(), [...files, "SHA256SUMS"].toSorted());
  for (const [file, megabytes] of Object.entries(largest)) {
    const { size } = statSync(path.join(packages.folder, file));
    assert.ok(size <= megabytes * 1_000_000, `${file}: ${size} bytes`);
  }
  succeed("sha256sum", ["--check", "--strict", "SHA256SUMS"], { cwd: packages.folder });
});

test("packages for arm64 hold programs for arm64", guarded, () => {
  const architecture = succeed("dpkg-deb", [
    "--field",
    path.join(packages.folder, `ironlog_${version}_arm64.deb`),
    "Architecture",
  ]);
  assert.equal(architecture, "arm64\n");
  const unpacked = path.join(packages.folder, "unpacked");
  succeed("dpkg-deb", ["--extract", path.join(packages.folder, `ironlog_${version}_arm64.deb`), unpacked]);
  const name = `ironlog-${version}-linux-arm64`;
  succeed("tar", ["-xJf", path.join(packages.folder, `${name}.tar.xz`), "-C", unpacked]);
  for (const file of ["usr/lib/ironlog/bin/node", `${name}/ironlog`]) {
    // The number of AArch64, where ELF names the machine.
    assert.equal(readFileSync(path.join(unpacked, file)).readUInt16LE(18), 183, file);
  }
});

test(
  "the single file for arm64 starts in an emulator, with the image's libraries",
  { ...guarded, skip: skipArm },
  () => {
    const folder = path.join(packages.folder, "arm64");
    mkdirSync(folder);
    const archive = `oci-archive:${path.join(packages.folder, `ironlog-${version}-oci.tar`)}:${version}`;
    const image = path.join(folder, "image");
    succeed("skopeo", ["copy", "--override-arch", "arm64", archive, `oci:${image}:${version}`], { timeoutMs: guardMs });
    succeed("umoci", ["unpack", "--image", `${image}:${version}`, path.join(folder, "bundle")], { timeoutMs: guardMs });
    const system = path.join(folder, "bundle/rootfs");
    const name = `ironlog-${version}-linux-arm64`;
    succeed("tar", ["-xJf", path.join(packages.folder, `${name}.tar.xz`), "-C", system]);
    copyFileSync(succeed("sh", ["-c", "command -v qemu-aarch64-static"]).trim(), path.join(system, "qemu"));
    const run = (...words: readonly string[]): string =>
      succeed("chroot", [system, "/qemu", `/${name}/ironlog`, ...words], { timeoutMs: guardMs });
    assert.equal(run("--version"), `ironlog ${version}\n`);
    assert.match(run("serve", "--help"), /^Usage: ironlog serve/);
  },
);

test("what is in a package stands in its description, and nothing else", guarded, async () => {
  const pages = await packagesOfPages();
  for (const file of readdirSync(packages.folder).filter((name) => /\.(?:deb|snap|xz|tgz|tar)$/.test(name))) {
    const { specVersion, serialNumber, metadata, components, dependencies } = bomOf(file);
    assert.equal(specVersion, "1.6");
    assert.match(serialNumber, /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    assert.ok(!Number.isNaN(Date.parse(metadata.timestamp)));
    assert.equal(metadata.component.hashes[0]?.content, sha256Of(path.join(packages.folder, file)));
    const refs = components.map((component) => component["bom-ref"]);
    assert.equal(new Set(refs).size, refs.length, file);
    assert.deepEqual(dependencies[0]?.dependsOn, refs);
    const inPages = components.filter(({ properties = [] }) => properties.some(({ value }) => value === "pages"));
    const lacking = pages.filter((name) => !inPages.some((component) => component.name === name));
    assert.deepEqual(lacking, [], `bundled into the pages, and not named for ${file}`);
    const names = components.map(({ name }) => name);
    for (const name of ["fastify", "kysely", "pg", "vanilla-framework"])
      assert.ok(names.includes(name), `${file}: ${name}`);
    // What brings Node and PostgreSQL to those who work on Ironlog isn't in it.
    assert.deepEqual(
      names.filter((name) => /^node-linux|postgres-14|rolldown|^vite$/.test(name)),
      [],
      file,
    );
    const node = components.find(({ name }) => name === "node");
    assert.equal(node === undefined, file.endsWith(".tgz"), file);
    if (node === undefined) continue;
    assert.equal(node.version, process.versions.node);
    const openssl = node.components?.find(({ name }) => name === "openssl");
    assert.equal(openssl?.version, process.versions.openssl);
  }
});

test("the licence of everything that is in a package comes with it", guarded, () => {
  const folder = path.join(packages.folder, "licences");
  succeed("mkdir", [folder]);
  const name = `ironlog-${version}-linux-x64`;
  succeed("tar", ["-xJf", path.join(packages.folder, `${name}.tar.xz`), "-C", folder]);
  const read = (file: string): string => readFileSync(path.join(folder, name, file), "utf8");
  const notices = read("THIRD-PARTY-NOTICES.md");
  const unnamed = bomOf(`${name}.tar.xz`)
    .components.filter((component) => component.name !== "node")
    .filter((component) => !notices.includes(`## ${component.name} ${component.version}\n`));
  assert.deepEqual(unnamed, []);
  assert.match(read("licences/Node.txt"), /Node\.js is licensed for use as follows/);
  for (const text of [notices, read("licences/LGPL-3.0.txt")]) assert.match(text, /GNU LESSER GENERAL PUBLIC LICENSE/);
  for (const text of [notices, read("licences/GPL-3.0.txt")])
    assert.match(text, /GNU GENERAL PUBLIC LICENSE\s+Version 3/);
});

/** The packages that Vite takes code from for the pages. */
async function packagesOfPages(): Promise<readonly string[]> {
  const built = await buildPages({
    configFile: path.join(root, "web/vite.config.ts"),
    logLevel: "error",
    build: { write: false },
  });
  assert.ok("output" in built);
  const modules = built.output.flatMap((chunk) => (chunk.type === "chunk" ? chunk.moduleIds : []));
  const names = modules.flatMap((module) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(module)?.[1] ?? []);
  return [...new Set(names)];
}
