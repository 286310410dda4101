import { createHash } from "node:crypto";
import * as fs from "node:fs";
import path from "node:path";
import packageJson from "../../package.json" with { type: "json" };
import { type Component, nodeComponent } from "./components.ts";
import type { Package, Release } from "./release.ts";

/**
 * Writes beside a package what is in it, as CycloneDX 1.6: `FILE.cdx.json`. The serial number follows from the package's bytes and
 * the time from the commit, so that the same package has the same description.
 */
export function writeSbom(release: Release, made: Package, bundled: readonly Component[]): string {
  const sha256 = sha256Of(path.join(release.outFolder, made.file));
  const components = [...bundled, ...(made.hasNode ? [nodeComponent()] : []), ...(made.components ?? [])];
  const bom = {
    $schema: "http://cyclonedx.org/schema/bom-1.6.schema.json",
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    serialNumber: `urn:uuid:${uuidFrom(sha256)}`,
    version: 1,
    metadata: {
      timestamp: new Date(release.epochSeconds * 1000).toISOString(),
      component: {
        type: "application",
        "bom-ref": made.purl,
        name: packageJson.name,
        version: release.version,
        description: packageJson.description,
        purl: made.purl,
        licenses: [{ expression: packageJson.license }],
        hashes: [{ alg: "SHA-256", content: sha256 }],
        properties: [{ name: "ironlog:file", value: made.file }],
      },
    },
    components,
    dependencies: [{ ref: made.purl, dependsOn: components.map((component) => component["bom-ref"]) }],
  };
  const file = `${made.file}.cdx.json`;
  fs.writeFileSync(path.join(release.outFolder, file), `${JSON.stringify(bom, undefined, 2)}\n`);
  return file;
}

/** The SHA-256 of a file, in hex. */
export function sha256Of(file: string): string {
  return createHash("sha256").update(fs.readFileSync(file)).digest("hex");
}

/** A UUID of version 8, which is drawn from what it names. */
function uuidFrom(sha256: string): string {
  const variant = ((Number.parseInt(sha256.slice(16, 17), 16) & 3) | 8).toString(16);
  const parts = [sha256.slice(0, 8), sha256.slice(8, 12), `8${sha256.slice(13, 16)}`, variant + sha256.slice(17, 20)];
  return [...parts, sha256.slice(20, 32)].join("-");
}
