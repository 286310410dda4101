import assert from "node:assert/strict";
import { test } from "node:test";
import { entryBundle, parseTilePath, tilePath } from "./tile-path.ts";

test("tiles have the paths of C2SP tlog-tiles, both ways", () => {
  for (const [path, tile] of [
    ["0/000", { level: 0, index: 0, width: 256 }],
    ["0/273.p/112", { level: 0, index: 273, width: 112 }],
    ["1/x001/000", { level: 1, index: 1000, width: 256 }],
    ["63/x001/x234/067.p/1", { level: 63, index: 1_234_067, width: 1 }],
    ["entries/x001/x234/067", { level: "entries", index: 1_234_067, width: 256 }],
  ] as const) {
    assert.equal(tilePath(tile), path);
    assert.deepEqual(parseTilePath(path), tile);
  }
});

test("what is no tile's path, or a second one for the same tile, is none", () => {
  for (const path of [
    "",
    "0",
    "0/0",
    "0/0000",
    "0/x000/001",
    "64/000",
    "00/000",
    "0/000.p/0",
    "0/000.p/256",
    "0/000.p/01",
  ]) {
    assert.equal(parseTilePath(path), undefined, path);
  }
  for (const path of ["0/x1/000", "0/001/000", "entry/000", "0/000/", "0/000.p/", "-1/000"]) {
    assert.equal(parseTilePath(path), undefined, path);
  }
});

test("an entry bundle is the published vector", () => {
  const leaves = ["event-0", "event-1", "event-2"].map((text) => Buffer.from(text));
  assert.equal(entryBundle(leaves).toString("hex"), "00076576656e742d3000076576656e742d3100076576656e742d32");
});
