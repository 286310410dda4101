import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { proveConsistency, proveInclusion, readRoot } from "../../../../src/verifiable-log/proof.ts";
import { hashBytes } from "../../../../src/verifiable-log/tree.ts";
import { type Bytes, concat } from "./bytes.ts";
import { browsers, inBrowser } from "./fake-browsers.ts";
import { checkGrowth } from "./growth.ts";
import { leafHash, nodeHash, verifyConsistency, verifyInclusion } from "./tree.ts";

// The server makes trees and proofs, this page's code checks them.

const entries = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];

/** Roots of the first 1, 2, … entries, and proofs: computed from RFC 6962 section 2.1, checked against other programs'. */
const known = {
  roots: [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
  ],
  fifthOfEight: [
    "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
  ],
  threeToSeven: [
    "0298d122906dcfc10892cb53a73992fc5b9f493ea4c9badb27b791b4127a7fe7",
    "07506a85fd9dd2f120eb694f86011e5bb4662e5c415a62917033d4a9624487e7",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "837dbb152e9b079010717e84e865da4ebc0fa198a806d59d31bf15accef22d0e",
  ],
  fourToEight: ["6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"],
};

const bytesOf = (hex: string): Bytes => concat(Buffer.from(hex, "hex"));

for (const browser of browsers) {
  test(`the published proofs hold, and no other place or size does, in ${browser}`, () =>
    inBrowser(browser, async () => {
      const roots = known.roots.map(bytesOf);
      const tree = (size: number) => ({ size, root: roots[size - 1] ?? new Uint8Array() });
      const hash = await leafHash(bytesOf(entries[5] ?? ""));
      const path = known.fifthOfEight.map(bytesOf);
      for (let size = 1; size <= 8; size += 1) {
        for (let index = 0; index < 8; index += 1) {
          const isIn = await verifyInclusion({ leafHash: hash, index, path, ...tree(size) });
          assert.equal(isIn, index === 5 && size === 8, `${index} of ${size}`);
        }
        for (let old = 1; old <= 8; old += 1) {
          const [first, second] = [known.threeToSeven, known.fourToEight].map((proof) => proof.map(bytesOf));
          assert.equal(await verifyConsistency(tree(old), tree(size), first ?? []), old === 3 && size === 7);
          assert.equal(await verifyConsistency(tree(old), tree(size), second ?? []), old === 4 && size === 8);
        }
      }
    }));
}

/** A log as its tiles: the hashes of each level of them. */
async function tilesOf(leaves: number) {
  const levels: Bytes[][] = [[]];
  for (let at = 0; at < leaves; at += 1) levels[0]?.push(await leafHash(Uint8Array.of(at % 256, Math.floor(at / 256))));
  const above: Bytes[] = [];
  for (let at = 0; at + 256 <= leaves; at += 256) above.push(await fold(levels[0]?.slice(at, at + 256) ?? []));
  levels.push(above);
  return {
    asked: [] as string[],
    async readTile(path: string): Promise<ArrayBuffer> {
      const [level = "", number = "", partial] = path.replace(".p/", "/").split("/");
      const at = Number(number) * 256;
      this.asked.push(path);
      return concat(...(levels[Number(level)] ?? []).slice(at, at + Number(partial ?? 256))).buffer;
    },
    async read({ height, index }: { readonly height: number; readonly index: number }): Promise<Buffer> {
      return Buffer.from(await fold(levels[0]?.slice(index * 2 ** height, (index + 1) * 2 ** height) ?? []));
    },
  };
}

async function fold(hashes: readonly Bytes[]): Promise<Bytes> {
  if (hashes.length === 1) return hashes[0] ?? new Uint8Array();
  const half = hashes.length / 2;
  return nodeHash(await fold(hashes.slice(0, half)), await fold(hashes.slice(half)));
}

const log = tilesOf(700);

test("for any leaf of any tree, the server's proof holds here, and fails with one bit turned", async () => {
  const { read } = await log;
  const place = fc
    .integer({ min: 1, max: 700 })
    .chain((size) => fc.tuple(fc.nat(size - 1), fc.constant(size), fc.nat()));
  await fc.assert(
    fc.asyncProperty(place, async ([index, size, bit]) => {
      const root = concat(await readRoot(size, read));
      const path = (await proveInclusion(index, size, read)).map((hash) => concat(hash));
      const leaf = concat(await read({ height: 0, index }));
      const parts = [leaf, root, ...path];
      const claim = { leafHash: leaf, index, size, root, path };
      assert.equal(await verifyInclusion(claim), true);
      turnBit(parts[bit % parts.length], bit);
      assert.equal(await verifyInclusion(claim), false);
    }),
    { numRuns: 60 },
  );
});

test("for any two sizes, growth is found in the tiles, and not where a bit of a root or a tile was turned", async () => {
  const tiles = await log;
  const sizes = fc
    .integer({ min: 2, max: 700 })
    .chain((size) => fc.tuple(fc.integer({ min: 1, max: size - 1 }), fc.constant(size), fc.nat()));
  await fc.assert(
    fc.asyncProperty(sizes, async ([oldSize, size, bit]) => {
      const old = { size: oldSize, root: concat(await readRoot(oldSize, tiles.read)) };
      const grown = { size, root: concat(await readRoot(size, tiles.read)) };
      const readTile = (path: string) => tiles.readTile(path);
      assert.equal(await checkGrowth(old, grown, readTile), true);
      const proof = (await proveConsistency(oldSize, size, tiles.read)).map((hash) => concat(hash));
      assert.equal(await verifyConsistency(old, grown, proof), true);
      turnBit([old.root, grown.root][bit % 2], bit);
      assert.equal(await checkGrowth(old, grown, readTile), false);
    }),
    { numRuns: 60 },
  );
  const ends = { old: 300, grown: 600 };
  const old = { size: ends.old, root: concat(await readRoot(ends.old, tiles.read)) };
  const grown = { size: ends.grown, root: concat(await readRoot(ends.grown, tiles.read)) };
  tiles.asked.length = 0;
  assert.equal(await checkGrowth(old, grown, (path) => tiles.readTile(path)), true);
  assert.deepEqual(tiles.asked.toSorted(), ["0/001", "0/002.p/88", "1/000.p/2"]);
  const turned = async (path: string): Promise<ArrayBuffer> => {
    const bytes = new Uint8Array(await tiles.readTile(path));
    for (let at = 0; at < bytes.length; at += hashBytes) turnBit(bytes.subarray(at, at + hashBytes), 7);
    return bytes.buffer;
  };
  assert.equal(await checkGrowth(old, grown, turned), false);
  await assert.rejects(
    checkGrowth(old, grown, async () => new ArrayBuffer(31)),
    /has not the length/,
  );
});

function turnBit(bytes: Uint8Array | undefined, bit: number): void {
  assert.ok(bytes !== undefined);
  const at = bit % bytes.length;
  bytes[at] = (bytes[at] ?? 0) ^ (1 << (bit % 8));
}
