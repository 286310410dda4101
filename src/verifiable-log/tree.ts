import { hash } from "node:crypto";

// The Merkle tree of RFC 6962 section 2.1. Sizes may pass 2^31, so nothing here uses bit operators.

export const hashBytes = 32;

/** The hash of an inner node: RFC 6962 section 2.1. */
export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  return hash("sha256", Buffer.concat([nodePrefix, left, right]), "buffer");
}

const nodePrefix = Buffer.from([1]);

/** The root of the tree without leaves. */
export const emptyRoot: Buffer = hash("sha256", "", "buffer");

/** Levels of the binary tree in one level of tiles (C2SP tlog-tiles): a tile is 256 hashes wide. */
export const tileHeight = 8;
export const tileWidth = 256;

/** A complete subtree whose hash stands in a tile above the lowest: of 256^level leaves, the `index`-th of its level. */
export interface TileNode {
  readonly level: number;
  readonly index: number;
  readonly hash: Buffer;
}

/**
 * A tree that grows, of which only the frontier is held: the hashes of the complete subtrees that it consists of, the
 * largest first. With them any leaf can be appended and the root be told.
 */
export class GrowingTree {
  #size: number;
  readonly #hashes: Buffer[];

  private constructor(size: number, hashes: Buffer[]) {
    this.#size = size;
    this.#hashes = hashes;
  }

  /** The tree of that size with the frontier that `frontier()` gave. Throws if the two don't belong together. */
  static from(size: number, frontier: Uint8Array): GrowingTree {
    const hashes: Buffer[] = [];
    for (let at = 0; at < frontier.length; at += hashBytes)
      hashes.push(Buffer.from(frontier.subarray(at, at + hashBytes)));
    if (frontier.length !== frontierLength(size)) {
      throw new Error(
        `the frontier of a tree of ${size} leaves is ${frontierLength(size)} bytes long, not ${frontier.length}`,
      );
    }
    return new GrowingTree(size, hashes);
  }

  get size(): number {
    return this.#size;
  }

  /** Appends a leaf by its hash. Returns the nodes that are complete by it and belong into tiles, lowest first. */
  append(leafHash: Uint8Array): readonly TileNode[] {
    let completed: TileNode[] | undefined;
    let node = Buffer.from(leafHash);
    let index = this.#size;
    for (let height = 1; index % 2 === 1; height += 1) {
      const left = this.#hashes.pop();
      if (left === undefined) throw new Error("the frontier of the tree is damaged");
      node = nodeHash(left, node) as Buffer<ArrayBuffer>;
      index = (index - 1) / 2;
      if (height % tileHeight === 0) (completed ??= []).push({ level: height / tileHeight, index, hash: node });
    }
    this.#hashes.push(node);
    this.#size += 1;
    return completed ?? [];
  }

  /** The root hash: RFC 6962 section 2.1. */
  root(): Buffer {
    return foldRight(this.#hashes) ?? emptyRoot;
  }

  /** The hashes of the complete subtrees, the largest first, one behind the other. */
  frontier(): Buffer {
    return Buffer.concat(this.#hashes);
  }
}

/** How many bytes the frontier of a tree of that size has: a hash for each one in its binary digits. */
function frontierLength(size: number): number {
  let ones = 0;
  for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) ones += rest % 2;
  return ones * hashBytes;
}

/** Complete subtrees beside each other, the largest first, as one hash; undefined for none. */
export function foldRight(hashes: readonly Buffer[]): Buffer | undefined {
  let folded = hashes.at(-1);
  for (let at = hashes.length - 2; at >= 0 && folded !== undefined; at -= 1) {
    folded = nodeHash(hashes[at] ?? emptyRoot, folded);
  }
  return folded;
}

/** A complete subtree of 2^height leaves, the `index`-th of its height. */
export interface Subtree {
  readonly height: number;
  readonly index: number;
}

/** The complete subtrees that the leaves from `start` to before `end` consist of, from left to right. */
export function subtreesOf(start: number, end: number): readonly Subtree[] {
  const subtrees: Subtree[] = [];
  let at = start;
  while (at < end) {
    let height = 0;
    let width = 1;
    while (at % (2 * width) === 0 && at + 2 * width <= end) {
      width *= 2;
      height += 1;
    }
    subtrees.push({ height, index: at / width });
    at += width;
  }
  return subtrees;
}
