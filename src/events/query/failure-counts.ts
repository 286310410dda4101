import { sql } from "kysely";
import type { Database } from "../../database/database.ts";

/** Ids of a block. What lies beside whole blocks is counted anew each time. */
const blockSize = 4_096;
/** Blocks in one query. */
const blocksAtOnce = 256;
/** Counts in one query. */
const countsAtOnce = 50;

/** For each database, how many failures there are up to the end of each block of ids: events never change. */
const known = new WeakMap<Database, number[]>();

/** How many failed events there are below each of the ids, which rise. */
export async function failuresBelow(db: Database, ids: readonly number[], lastId: number): Promise<readonly number[]> {
  const sums = await sumsUpTo(db, Math.floor(lastId / blockSize));
  const counts: number[] = [];
  for (let start = 0; start < ids.length; start += countsAtOnce) {
    const some = ids.slice(start, start + countsAtOnce);
    const rest = await countFailures(db, some);
    counts.push(...some.map((id, at) => (sums[blockOf(id) - 1] ?? 0) + (rest[at] ?? 0)));
  }
  return counts;
}

/** How many whole blocks lie below the id. */
function blockOf(id: number): number {
  return Math.floor((id - 1) / blockSize);
}

/** The failures of each id's own block that lie below it. */
async function countFailures(db: Database, ids: readonly number[]): Promise<readonly number[]> {
  const row = await db
    .selectNoFrom((eb) =>
      ids.map((id, at) =>
        eb
          .selectFrom("event")
          .select(({ fn }) => fn.countAll<number>().as("count"))
          .where("outcome", "=", "failure")
          .where("id", ">", blockOf(id) * blockSize)
          .where("id", "<", id)
          .as(`at${at}`),
      ),
    )
    .executeTakeFirst();
  return ids.map((_, at) => (row as Readonly<Record<string, number>> | undefined)?.[`at${at}`] ?? 0);
}

async function sumsUpTo(db: Database, blocks: number): Promise<readonly number[]> {
  const before = known.get(db) ?? [];
  // A log that is shorter than it was is another one: a fail-over may have lost its end.
  const sums = before.length > blocks ? [] : [...before];
  while (sums.length < blocks) {
    const [from, to] = [sums.length, Math.min(blocks, sums.length + blocksAtOnce)];
    const block = sql<number>`(id - 1) / ${sql.lit(blockSize)}`;
    const rows = await db
      .selectFrom("event")
      .select(({ fn }) => [block.as("block"), fn.countAll<number>().as("count")])
      .where("outcome", "=", "failure")
      .where("id", ">", from * blockSize)
      .where("id", "<=", to * blockSize)
      .groupBy(block)
      .execute();
    const counts = new Map(rows.map((row) => [row.block, row.count]));
    for (let at = from; at < to; at += 1) sums.push((sums.at(-1) ?? 0) + (counts.get(at) ?? 0));
  }
  known.set(db, sums);
  return sums;
}
