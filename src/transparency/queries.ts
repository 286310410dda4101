import type { Selectable } from "kysely";
import type { Reader } from "../audit/action.ts";
import type { Database } from "../database/database.ts";
import type { CheckpointTable } from "../database/log-tables.ts";
import type { LogIdentityTable } from "./tables.ts";
import type { ReadSubtree } from "../verifiable-log/proof.ts";
import { readHead } from "../database/writing/read-head.ts";
import { foldRight, GrowingTree, nodeHash, tileHeight, hashBytes, tileWidth } from "../verifiable-log/tree.ts";

/** Under which name and keys the log signs. Times are microseconds since 1970 UTC. */
export interface Identity {
  readonly id: number;
  readonly origin: string;
  readonly logKey: string;
  readonly cosignerKey: string;
  /** The tree's size when it was made. */
  readonly sinceSize: number;
  readonly created: number;
}

/** The identity that signs now; undefined for a log that has none yet. */
export async function findIdentity(db: Reader): Promise<Identity | undefined> {
  const row = await db.selectFrom("log_identity").selectAll().orderBy("id", "desc").limit(1).executeTakeFirst();
  return row === undefined ? undefined : asIdentity(row);
}

/** Every identity that the log has had, oldest first. */
export async function listIdentities(db: Reader): Promise<readonly Identity[]> {
  return (await db.selectFrom("log_identity").selectAll().orderBy("id").execute()).map(asIdentity);
}

function asIdentity(row: Selectable<LogIdentityTable>): Identity {
  const { id, origin, log_key: logKey, cosigner_key: cosignerKey, since_size: sinceSize, created } = row;
  return { id, origin, logKey, cosignerKey, sinceSize, created };
}

/** The tree as it is now. */
export async function readTree(db: Database): Promise<GrowingTree> {
  const head = await readHead(db);
  if (head === undefined) throw new Error("log_head has no row: the database is damaged");
  return GrowingTree.from(head.last_event_id, head.frontier);
}

export type StoredCheckpoint = Selectable<CheckpointTable>;

/** The newest checkpoint; undefined if none was signed yet. */
export function findNewestCheckpoint(db: Database): Promise<StoredCheckpoint | undefined> {
  return db.selectFrom("checkpoint").selectAll().orderBy("id", "desc").limit(1).executeTakeFirst();
}

/** All checkpoints, oldest first. */
export function listCheckpoints(db: Database): Promise<readonly StoredCheckpoint[]> {
  return db.selectFrom("checkpoint").selectAll().orderBy("id").execute();
}

/** Events or nodes of the tree are missing, so that nobody can say what its root was. */
export class LostHashes extends Error {
  override readonly name = "LostHashes";
}

/** Reads hashes of complete subtrees: from the nodes of full tiles where there are some, else from the leaves. */
export function subtreeReader(db: Database): ReadSubtree {
  return async ({ height, index }) => {
    const level = Math.floor(height / tileHeight);
    const width = 2 ** (height - level * tileHeight);
    const hashes = await readHashes(db, level, index * width, width);
    if (hashes.length !== width)
      throw new LostHashes(`the tree lacks hashes of its level ${level}: the log is damaged`);
    return foldComplete(hashes);
  };
}

/** Hashes of one level of tiles, from the `first`-th on; fewer than `count` where the tree ends. */
export async function readHashes(
  db: Database,
  level: number,
  first: number,
  count: number,
): Promise<readonly Buffer[]> {
  if (level === 0) {
    if (count === tileWidth && first % tileWidth === 0) {
      const tile = (await readLeafTiles(db, first / tileWidth, first / tileWidth)).get(first / tileWidth);
      if (tile !== undefined) return splitHashes(tile);
    }
    const rows = await db
      .selectFrom("event")
      .select("leaf_hash")
      .where("id", ">", first)
      .where("id", "<=", first + count)
      .orderBy("id")
      .execute();
    return rows.map(({ leaf_hash }) => Buffer.from(leaf_hash));
  }
  const rows = await db
    .selectFrom("tree_node")
    .select("hash")
    .where("level", "=", level)
    .where("position", ">=", first)
    .where("position", "<", first + count)
    .orderBy("position")
    .execute();
  return rows.map(({ hash }) => Buffer.from(hash));
}

/** The full tiles of leaves from the `first` to the `last`, by their position. */
export async function readLeafTiles(db: Database, first: number, last: number): Promise<ReadonlyMap<number, Buffer>> {
  const query = db.selectFrom("leaf_tile").selectAll().where("position", ">=", first).where("position", "<=", last);
  return new Map((await query.execute()).map(({ position, hashes }) => [position, Buffer.from(hashes)]));
}

function splitHashes(tile: Buffer): readonly Buffer[] {
  return Array.from({ length: tile.length / hashBytes }, (_, at) =>
    tile.subarray(at * hashBytes, (at + 1) * hashBytes),
  );
}

/** The root over a power of two of hashes. */
function foldComplete(hashes: readonly Buffer[]): Buffer {
  let row = hashes;
  while (row.length > 1) {
    const lower = row;
    row = lower.flatMap((right, at) => (at % 2 === 1 ? [nodeHash(lower[at - 1] ?? right, right)] : []));
  }
  const root = foldRight(row);
  if (root === undefined) throw new Error("a subtree has at least one leaf");
  return root;
}
