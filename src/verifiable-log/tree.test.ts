import assert from "node:assert/strict";
import { hash } from "node:crypto";
import { test } from "node:test";
import { proveConsistency, proveInclusion, readRoot, verifyConsistency, verifyInclusion } from "./proof.ts";
import { GrowingTree, type Subtree, type TileNode } from "./tree.ts";

// RFC 6962 section 2.1 as it is written, without any thought of speed: what the tree is held against.

const sha256 = (...parts: readonly Uint8Array[]): Buffer => hash("sha256", Buffer.concat(parts), "buffer");
const leafOf = (entry: Uint8Array): Buffer => sha256(Buffer.from([0]), entry);

function rootOf(leaves: readonly Buffer[]): Buffer {
  const [first] = leaves;
  if (first === undefined) return sha256();
  if (leaves.length === 1) return first;
  const k = split(leaves.length);
  return sha256(Buffer.from([1]), rootOf(leaves.slice(0, k)), rootOf(leaves.slice(k)));
}

function pathOf(m: number, leaves: readonly Buffer[]): Buffer[] {
  if (leaves.length === 1) return [];
  const k = split(leaves.length);
  return m < k
    ? [...pathOf(m, leaves.slice(0, k)), rootOf(leaves.slice(k))]
    : [...pathOf(m - k, leaves.slice(k)), rootOf(leaves.slice(0, k))];
}

function subproofOf(m: number, leaves: readonly Buffer[], isWhole: boolean): Buffer[] {
  if (m === leaves.length) return isWhole ? [] : [rootOf(leaves)];
  const k = split(leaves.length);
  return m <= k
    ? [...subproofOf(m, leaves.slice(0, k), isWhole), rootOf(leaves.slice(k))]
    : [...subproofOf(m - k, leaves.slice(k), false), rootOf(leaves.slice(0, k))];
}

function split(n: number): number {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}

const leaves = Array.from({ length: 300 }, (_, index) => leafOf(Buffer.from(`event-${index}`)));
const readFrom = async ({ height, index }: Subtree): Promise<Buffer> => {
  const width = 2 ** height;
  assert((index + 1) * width <= leaves.length, "a proof asks for complete subtrees only");
  return rootOf(leaves.slice(index * width, (index + 1) * width));
};
const flip = (bytes: Buffer): Buffer => Buffer.from(bytes.map((byte, at) => (at === 5 ? byte ^ 1 : byte)));

/** The entries and roots of the published vectors (RFC 6962's reference implementation). */
const vectorEntries = [
  "",
  "00",
  "10",
  "2021",
  "3031",
  "40414243",
  "5051525354555657",
  "606162636465666768696a6b6c6d6e6f",
];
const vectorRoots = [
  "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
  "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
  "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
  "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
  "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
  "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
  "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
  "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
  "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

test("the published vectors: roots, two inclusion proofs, two consistency proofs", async () => {
  const tree = GrowingTree.from(0, Buffer.alloc(0));
  const entries = vectorEntries.map((hex) => leafOf(Buffer.from(hex, "hex")));
  assert.equal(tree.root().toString("hex"), vectorRoots[0]);
  for (const [index, leaf] of entries.entries()) {
    tree.append(leaf);
    assert.equal(tree.root().toString("hex"), vectorRoots[index + 1]);
  }
  const read = async ({ height, index }: Subtree): Promise<Buffer> =>
    rootOf(entries.slice(index * 2 ** height, (index + 1) * 2 ** height));
  const hex = (hashes: readonly Buffer[]): readonly string[] => hashes.map((one) => one.toString("hex"));
  assert.deepEqual(hex(await proveInclusion(5, 8, read)), [
    "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
  ]);
  assert.deepEqual(hex(await proveInclusion(6, 7, read)), [
    "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
  ]);
  assert.deepEqual(hex(await proveConsistency(3, 7, read)), [
    "0298d122906dcfc10892cb53a73992fc5b9f493ea4c9badb27b791b4127a7fe7",
    "07506a85fd9dd2f120eb694f86011e5bb4662e5c415a62917033d4a9624487e7",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "837dbb152e9b079010717e84e865da4ebc0fa198a806d59d31bf15accef22d0e",
  ]);
  assert.deepEqual(hex(await proveConsistency(4, 8, read)), [
    "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
  ]);
});

test("for every size up to 300 the tree grows to RFC 6962's root, from any frontier that was kept", () => {
  let frontier: Buffer = Buffer.alloc(0);
  const nodes: TileNode[] = [];
  for (const [index, leaf] of leaves.entries()) {
    const tree = GrowingTree.from(index, frontier);
    nodes.push(...tree.append(leaf));
    assert.equal(tree.size, index + 1);
    assert.deepEqual(tree.root(), rootOf(leaves.slice(0, index + 1)));
    frontier = tree.frontier();
  }
  assert.deepEqual(nodes, [{ level: 1, index: 0, hash: rootOf(leaves.slice(0, 256)) }]);
  assert.throws(() => GrowingTree.from(299, frontier), /the frontier of a tree of 299/);
});

test("every inclusion proof up to size 300 is RFC 6962's and verifies; with any part changed it does not", async () => {
  for (let size = 1; size <= leaves.length; size += 1) {
    const root = rootOf(leaves.slice(0, size));
    // All places in small trees, a few in each large one.
    const places = size <= 40 ? Array.from({ length: size }, (_, at) => at) : [0, 1, size >> 1, size - 2, size - 1];
    for (const index of places) {
      const path = await proveInclusion(index, size, readFrom);
      assert.deepEqual(path, pathOf(index, leaves.slice(0, size)));
      const claim = { leafHash: leaves[index] ?? root, index, size, root, path };
      assert(verifyInclusion(claim), `${index} of ${size}`);
      assert(!verifyInclusion({ ...claim, leafHash: flip(claim.leafHash) }));
      assert(!verifyInclusion({ ...claim, root: flip(root) }));
      assert(!verifyInclusion({ ...claim, path: [...path, root] }));
      if (size > 1) {
        assert(!verifyInclusion({ ...claim, index: (index + 1) % size }));
        assert(!verifyInclusion({ ...claim, path: path.slice(1) }));
        assert(!verifyInclusion({ ...claim, path: [...path.slice(0, -1), flip(path.at(-1) ?? root)] }));
      }
    }
    assert.deepEqual(await readRoot(size, readFrom), root);
  }
});

test("every consistency proof up to size 300 is RFC 6962's and verifies; with any part changed it does not", async () => {
  for (let newSize = 1; newSize <= leaves.length; newSize += newSize < 40 ? 1 : 13) {
    const newRoot = rootOf(leaves.slice(0, newSize));
    for (let oldSize = 0; oldSize <= newSize; oldSize += newSize < 40 ? 1 : 7) {
      const oldRoot = rootOf(leaves.slice(0, oldSize));
      const path = await proveConsistency(oldSize, newSize, readFrom);
      const expected = oldSize === 0 ? [] : subproofOf(oldSize, leaves.slice(0, newSize), true);
      assert.deepEqual(path, expected, `${oldSize} of ${newSize}`);
      const claim = { oldSize, oldRoot, newSize, newRoot, path };
      assert(verifyConsistency(claim), `${oldSize} of ${newSize}`);
      if (oldSize === 0) continue;
      assert(!verifyConsistency({ ...claim, oldRoot: flip(oldRoot) }));
      assert(!verifyConsistency({ ...claim, newRoot: flip(newRoot) }));
      assert(!verifyConsistency({ ...claim, path: [...path, newRoot] }));
      if (path.length > 0) assert(!verifyConsistency({ ...claim, path: path.slice(1) }));
    }
  }
});

test("sizes beyond 2^31 are no trouble", () => {
  const size = 2 ** 40 + 1;
  const [first, second] = [leaves[0], leaves[1]];
  assert(first !== undefined && second !== undefined);
  const root = sha256(Buffer.from([1]), first, second);
  assert(verifyInclusion({ leafHash: second, index: 2 ** 40, size, root, path: [first] }));
  assert(!verifyInclusion({ leafHash: second, index: 2 ** 40 - 1, size, root, path: [first] }));
  const tree = GrowingTree.from(size, Buffer.concat([first, second]));
  assert.deepEqual(tree.root(), root);
});
