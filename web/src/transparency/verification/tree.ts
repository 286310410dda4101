import { areEqual, type Bytes, concat } from "./bytes.ts";
import { sha256 } from "./digest.ts";

// The Merkle tree of RFC 6962 section 2.1. Sizes may pass 2^31, so nothing here uses bit operators.

/** The hash of a leaf: RFC 6962 section 2.1. */
export function leafHash(leaf: Bytes): Promise<Bytes> {
  return sha256(concat(Uint8Array.of(0), leaf));
}

/** The hash of an inner node: RFC 6962 section 2.1. */
export function nodeHash(left: Bytes, right: Bytes): Promise<Bytes> {
  return sha256(concat(Uint8Array.of(1), left, right));
}

export interface InclusionClaim {
  readonly leafHash: Bytes;
  readonly index: number;
  readonly size: number;
  readonly root: Bytes;
  readonly path: readonly Bytes[];
}

/** True if the path leads from the leaf to the root: RFC 9162 section 2.1.3.2. */
export async function verifyInclusion({ leafHash: leaf, index, size, root, path }: InclusionClaim): Promise<boolean> {
  if (!(index >= 0 && index < size)) return false;
  let node = leaf;
  const isWhole = await climb(index, size - 1, path, async (sibling, isLeft) => {
    node = await (isLeft ? nodeHash(sibling, node) : nodeHash(node, sibling));
  });
  return isWhole && areEqual(node, root);
}

/** A tree as a checkpoint tells of it. */
export interface Tree {
  readonly size: number;
  readonly root: Bytes;
}

/** True if the path shows that the new tree begins with the old one: RFC 9162 section 2.1.4.2. */
export async function verifyConsistency(old: Tree, grown: Tree, path: readonly Bytes[]): Promise<boolean> {
  if (!(old.size > 0 && old.size <= grown.size)) return old.size === 0 && path.length === 0;
  if (old.size === grown.size) return path.length === 0 && areEqual(old.root, grown.root);
  const [first, ...others] = isPowerOfTwo(old.size) ? [old.root, ...path] : path;
  if (first === undefined) return false;
  let place = old.size - 1;
  let last = grown.size - 1;
  for (; place % 2 === 1; place = Math.floor(place / 2)) last = Math.floor(last / 2);
  let [oldNode, newNode] = [first, first];
  const isWhole = await climb(place, last, others, async (sibling, isLeft) => {
    if (isLeft) oldNode = await nodeHash(sibling, oldNode);
    newNode = await (isLeft ? nodeHash(sibling, newNode) : nodeHash(newNode, sibling));
  });
  return isWhole && areEqual(oldNode, old.root) && areEqual(newNode, grown.root);
}

/** Goes up from a place to the root, a sibling a step. True if it gets there just with the last one. */
async function climb(
  from: number,
  lastOfAll: number,
  path: readonly Bytes[],
  step: (sibling: Bytes, isLeft: boolean) => Promise<void>,
): Promise<boolean> {
  let [place, last] = [from, lastOfAll];
  for (const sibling of path) {
    if (last === 0) return false;
    const isLeft = place % 2 === 1 || place === last;
    await step(sibling, isLeft);
    if (isLeft) {
      // Levels on which a node at the right edge has no sibling.
      while (place % 2 === 0 && place !== 0) {
        place /= 2;
        last = Math.floor(last / 2);
      }
    }
    place = Math.floor(place / 2);
    last = Math.floor(last / 2);
  }
  return last === 0;
}

/** Exactly, also where a logarithm is rounded. */
export function isPowerOfTwo(number: number): boolean {
  let rest = number;
  while (rest > 1 && rest % 2 === 0) rest /= 2;
  return rest === 1;
}
