import { foldRight, nodeHash, type Subtree, subtreesOf } from "./tree.ts";

/** Gives the hash of a complete subtree that is in the tree. */
export type ReadSubtree = (subtree: Subtree) => Promise<Buffer>;

/** Subtrees that are remembered at a time, of some 100 bytes. */
const rememberedMax = 10_000;

/** Reads each subtree once, as far as it remembers: neighbours' proofs have most of their hashes in common. Complete subtrees never change. */
export function remembering(read: ReadSubtree): ReadSubtree {
  const known = new Map<string, Buffer>();
  return async (subtree) => {
    const name = `${subtree.height}/${subtree.index}`;
    let hash = known.get(name);
    if (hash === undefined) {
      hash = await read(subtree);
      if (known.size >= rememberedMax) known.clear();
      known.set(name, hash);
    }
    return hash;
  };
}

/** The leaves from `start` to before `end`. */
interface Range {
  readonly start: number;
  readonly end: number;
}

/** The hashes that lead from a leaf to the root of a tree of `size` leaves, the leaf's sibling first: RFC 6962 section 2.1.1. */
export function proveInclusion(index: number, size: number, read: ReadSubtree): Promise<readonly Buffer[]> {
  if (!(index >= 0 && index < size)) throw new RangeError(`there is no leaf ${index} in a tree of ${size}`);
  return hashesOf(inclusionRanges(index, { start: 0, end: size }), read);
}

/** The hashes that show that a tree of `newSize` leaves begins with one of `oldSize`: RFC 6962 section 2.1.2. */
export function proveConsistency(oldSize: number, newSize: number, read: ReadSubtree): Promise<readonly Buffer[]> {
  if (!(oldSize >= 0 && oldSize <= newSize)) throw new RangeError(`a tree of ${newSize} has not grown from ${oldSize}`);
  if (oldSize === 0 || oldSize === newSize) return Promise.resolve([]);
  return hashesOf(consistencyRanges(oldSize, { start: 0, end: newSize }, true), read);
}

/** The root of the first `size` leaves. */
export async function readRoot(size: number, read: ReadSubtree): Promise<Buffer> {
  return hashOf({ start: 0, end: size }, read);
}

function inclusionRanges(index: number, { start, end }: Range): readonly Range[] {
  if (end - start === 1) return [];
  const middle = start + splitOf(end - start);
  return index < middle
    ? [...inclusionRanges(index, { start, end: middle }), { start: middle, end }]
    : [...inclusionRanges(index, { start: middle, end }), { start, end: middle }];
}

/** `isWhole`: the old tree is all of this range's beginning, and its verifier knows that root already. */
function consistencyRanges(oldSize: number, { start, end }: Range, isWhole: boolean): readonly Range[] {
  if (start + oldSize === end) return isWhole ? [] : [{ start, end }];
  const split = splitOf(end - start);
  const middle = start + split;
  return oldSize <= split
    ? [...consistencyRanges(oldSize, { start, end: middle }, isWhole), { start: middle, end }]
    : [...consistencyRanges(oldSize - split, { start: middle, end }, false), { start, end: middle }];
}

/** The largest power of two below `width`. */
function splitOf(width: number): number {
  let split = 1;
  while (split * 2 < width) split *= 2;
  return split;
}

async function hashesOf(ranges: readonly Range[], read: ReadSubtree): Promise<readonly Buffer[]> {
  const hashes: Buffer[] = [];
  for (const range of ranges) hashes.push(await hashOf(range, read));
  return hashes;
}

async function hashOf({ start, end }: Range, read: ReadSubtree): Promise<Buffer> {
  const parts: Buffer[] = [];
  for (const subtree of subtreesOf(start, end)) parts.push(await read(subtree));
  const folded = foldRight(parts);
  if (folded === undefined) throw new RangeError("an empty range has no hash here");
  return folded;
}

export interface InclusionClaim {
  readonly leafHash: Uint8Array;
  readonly index: number;
  readonly size: number;
  readonly root: Uint8Array;
  readonly path: readonly Uint8Array[];
}

/** True if the path leads from the leaf to the root: RFC 9162 section 2.1.3.2. */
export function verifyInclusion({ leafHash, index, size, root, path }: InclusionClaim): boolean {
  if (!(Number.isSafeInteger(index) && Number.isSafeInteger(size) && index >= 0 && index < size)) return false;
  let place = index;
  let last = size - 1;
  let node: Uint8Array = leafHash;
  for (const sibling of path) {
    if (last === 0) return false;
    if (place % 2 === 1 || place === last) {
      node = nodeHash(sibling, node);
      while (place % 2 === 0 && place !== 0) {
        place /= 2;
        last = Math.floor(last / 2);
      }
    } else {
      node = nodeHash(node, sibling);
    }
    place = Math.floor(place / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 && Buffer.compare(node, root) === 0;
}

export interface ConsistencyClaim {
  readonly oldSize: number;
  readonly oldRoot: Uint8Array;
  readonly newSize: number;
  readonly newRoot: Uint8Array;
  readonly path: readonly Uint8Array[];
}

/** True if the path shows that the new tree begins with the old one: RFC 9162 section 2.1.4.2. */
export function verifyConsistency({ oldSize, oldRoot, newSize, newRoot, path }: ConsistencyClaim): boolean {
  if (![oldSize, newSize].every((size) => Number.isSafeInteger(size) && size >= 0) || oldSize > newSize) return false;
  if (oldSize === newSize) return path.length === 0 && Buffer.compare(oldRoot, newRoot) === 0;
  if (oldSize === 0) return path.length === 0;
  const [first, ...others] = isPowerOfTwo(oldSize) ? [oldRoot, ...path] : path;
  if (first === undefined) return false;
  let place = oldSize - 1;
  let last = newSize - 1;
  while (place % 2 === 1) {
    place = Math.floor(place / 2);
    last = Math.floor(last / 2);
  }
  let oldNode: Uint8Array = first;
  let newNode: Uint8Array = first;
  for (const sibling of others) {
    if (last === 0) return false;
    if (place % 2 === 1 || place === last) {
      oldNode = nodeHash(sibling, oldNode);
      newNode = nodeHash(sibling, newNode);
      while (place % 2 === 0 && place !== 0) {
        place /= 2;
        last = Math.floor(last / 2);
      }
    } else {
      newNode = nodeHash(newNode, sibling);
    }
    place = Math.floor(place / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 && Buffer.compare(oldNode, oldRoot) === 0 && Buffer.compare(newNode, newRoot) === 0;
}

function isPowerOfTwo(number: number): boolean {
  let rest = number;
  while (rest % 2 === 0) rest /= 2;
  return rest === 1;
}
