import { tileWidth } from "./tree.ts";

/** A tile of hashes or, with level `entries`, a bundle of leaves: C2SP tlog-tiles. */
export interface Tile {
  readonly level: number | "entries";
  readonly index: number;
  /** How many it holds: 256, or fewer at the tree's frontier. */
  readonly width: number;
}

/** Reads what stands behind `tile/`; undefined if it is no tile's path. */
export function parseTilePath(path: string): Tile | undefined {
  const match = /^(\d{1,2}|entries)\/((?:x\d{3}\/)*\d{3})(?:\.p\/([1-9]\d{0,2}))?$/.exec(path);
  const [, level = "", groups = "", partial] = match ?? [];
  const index = Number(groups.replaceAll(/[x/]/g, ""));
  const width = partial === undefined ? tileWidth : Number(partial);
  // Each tile has one path: no more zeros in front than a group needs.
  if (match === null || groups.startsWith("x000/") || !Number.isSafeInteger(index)) return undefined;
  if (width > tileWidth || partial === String(tileWidth)) return undefined;
  if (level === "entries") return { level, index, width };
  const number = Number(level);
  return number > 63 || String(number) !== level ? undefined : { level: number, index, width };
}

/** The path of a tile, behind `tile/`. */
export function tilePath({ level, index, width }: Tile): string {
  let digits = String(index);
  digits = digits.padStart(Math.ceil(digits.length / 3) * 3, "0");
  const groups = digits.match(/\d{3}/g) ?? [];
  const number = groups.map((group, at) => (at === groups.length - 1 ? group : `x${group}`)).join("/");
  return `${level}/${number}${width === tileWidth ? "" : `.p/${width}`}`;
}

/** An entry bundle: each leaf behind its length as two bytes, big-endian. */
export function entryBundle(leaves: readonly Uint8Array[]): Buffer {
  return Buffer.concat(
    leaves.flatMap((leaf) => {
      const length = Buffer.alloc(2);
      length.writeUInt16BE(leaf.length);
      return [length, leaf];
    }),
  );
}
