import { type Bytes, concat } from "./bytes.ts";
import { hashBytes } from "./digest.ts";
import { isPowerOfTwo, nodeHash, type Tree, verifyConsistency } from "./tree.ts";

/** Gets what stands at a path below `/log/tile/`. Throws if it can't. */
export type ReadTile = (path: string) => Promise<ArrayBuffer>;

/** Hashes in a tile, and how many levels of the tree it spans: C2SP tlog-tiles. */
const tileWidth = 256;
const tileHeight = 8;

/**
 * True if the grown tree begins with the old one, by the hashes in the log's tiles: RFC 6962 section 2.1.2. Throws if those
 * can't be read. Wrong hashes in them make it false, since both roots are computed from them.
 */
export async function checkGrowth(old: Tree, grown: Tree, readTile: ReadTile): Promise<boolean> {
  if (old.size === 0 || old.size >= grown.size) return verifyConsistency(old, grown, []);
  const read = tileReader(grown.size, readTile);
  const ranges = consistencyRanges(old.size, { start: 0, end: grown.size }, true);
  return verifyConsistency(old, grown, await Promise.all(ranges.map((range) => hashOf(range, read))));
}

/** The leaves from `start` to before `end`. */
interface Range {
  readonly start: number;
  readonly end: number;
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

type ReadHash = (level: number, index: number) => Promise<Bytes>;

async function hashOf({ start, end }: Range, read: ReadHash): Promise<Bytes> {
  const width = end - start;
  // Of a complete subtree the highest hash below it that stands in a tile; what is in between is computed.
  const level = Math.log2(width) / tileHeight;
  if (isPowerOfTwo(width) && Number.isInteger(level)) return read(level, start / width);
  const middle = start + splitOf(width);
  return nodeHash(await hashOf({ start, end: middle }, read), await hashOf({ start: middle, end }, read));
}

/** Gets each tile once, in the widths that a log of `size` has. */
function tileReader(size: number, readTile: ReadTile): ReadHash {
  const tiles = new Map<string, Promise<Bytes>>();
  return async (level, index) => {
    const tile = Math.floor(index / tileWidth);
    const width = Math.min(tileWidth, Math.floor(size / tileWidth ** level) - tile * tileWidth);
    const path = tilePath(level, tile, width);
    const found = tiles.get(path) ?? readWhole(path, width, readTile);
    tiles.set(path, found);
    const at = (index - tile * tileWidth) * hashBytes;
    return (await found).slice(at, at + hashBytes);
  };
}

async function readWhole(path: string, width: number, readTile: ReadTile): Promise<Bytes> {
  const bytes = concat(new Uint8Array(await readTile(path)));
  if (bytes.length !== width * hashBytes)
    throw new Error(`The tile ${path} of the log has not the length it must have.`);
  return bytes;
}

/** C2SP tlog-tiles: the number in groups of three digits, `x` before all but the last. */
function tilePath(level: number, index: number, width: number): string {
  const digits = String(index);
  const groups = digits.padStart(Math.ceil(digits.length / 3) * 3, "0").match(/\d{3}/g) ?? [];
  const number = groups.map((group, at) => (at === groups.length - 1 ? group : `x${group}`)).join("/");
  return `${level}/${number}${width === tileWidth ? "" : `.p/${width}`}`;
}
