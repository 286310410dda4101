import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { sha256Of } from "../../tools/package/sbom.ts";
import { guardMs, makePackages, missing } from "./support/packages.ts";

const skip = await missing("xz", "tar", "dpkg-deb", "x86_64-linux-gnu-strip");

test(
  "the same commit gives the same bytes, in another folder and with another mask too",
  { skip, timeout: guardMs },
  async () => {
    using first = await makePackages(["--fast"]);
    const mask = process.umask(0o077);
    using second = await makePackages(["--fast"]).finally(() => process.umask(mask));
    const files = readdirSync(first.folder).toSorted();
    assert.deepEqual(readdirSync(second.folder).toSorted(), files);
    for (const file of files) {
      assert.equal(sha256Of(path.join(first.folder, file)), sha256Of(path.join(second.folder, file)), file);
    }
    const sums = readFileSync(path.join(first.folder, "SHA256SUMS"), "utf8");
    assert.equal(
      sums,
      files
        .filter((file) => file !== "SHA256SUMS")
        .map((file) => `${sha256Of(path.join(first.folder, file))}  ${file}\n`)
        .join(""),
    );
  },
);
