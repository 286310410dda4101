import type { Database } from "../../../database/database.ts";
import type { AddressRange } from "./address-range.ts";
import type { ValueOfLevel } from "../filter.ts";

// Which values there are in the log, by one seek along an index for each, however long the log is.

/** Columns whose index is in the order of their bytes, on each database. */
type TextColumn = "type" | "target_name" | "target_id";

/** The recorded addresses in any of the networks; undefined if they are more than that. */
export async function findAddresses(
  db: Database,
  ranges: readonly AddressRange[],
  max: number,
): Promise<readonly Uint8Array[] | undefined> {
  const found = new Map<string, Uint8Array>();
  for (const { first, last } of ranges) {
    let from: Uint8Array | undefined;
    for (;;) {
      const next = await db
        .selectFrom("event")
        .select("ip_bytes")
        .where("ip_bytes", from === undefined ? ">=" : ">", from ?? first)
        .where("ip_bytes", "<=", last)
        .orderBy("ip_bytes")
        .limit(1)
        .executeTakeFirst();
      if (next === undefined || next.ip_bytes === null) break;
      found.set(Buffer.from(next.ip_bytes).toString("hex"), next.ip_bytes);
      if (found.size > max) return undefined;
      from = next.ip_bytes;
    }
  }
  return [...found.values()];
}

/** The recorded texts that begin with any of these; undefined if they are more than that. */
export async function findBeginning(
  db: Database,
  column: TextColumn,
  beginnings: readonly string[],
  max: number,
): Promise<readonly string[] | undefined> {
  const found = new Set<string>();
  for (const beginning of beginnings) {
    let from: string | undefined;
    for (;;) {
      const next = await db
        .selectFrom("event")
        .select(column)
        .where(column, from === undefined ? ">=" : ">", from ?? beginning)
        .orderBy(column)
        .limit(1)
        .executeTakeFirst();
      const value = (next as Readonly<Record<TextColumn, string | null>> | undefined)?.[column];
      if (value === undefined || value === null || !value.startsWith(beginning)) break;
      found.add(value);
      if (found.size > max) return undefined;
      from = value;
    }
  }
  return [...found];
}

/** The same of columns whose index goes on with the level: which levels there are of each. */
export async function findOfLevels(
  db: Database,
  column: ValueOfLevel["column"],
  beginnings: readonly string[],
  max: number,
): Promise<readonly ValueOfLevel[] | undefined> {
  const found = new Map<string, ValueOfLevel>();
  for (const beginning of beginnings) {
    let from: ValueOfLevel | undefined;
    for (;;) {
      const query = db.selectFrom("event").select([column, "level"]).orderBy(column).orderBy("level").limit(1);
      const { value: after, level: levelAfter } = from ?? { value: beginning, level: -1 };
      const next = await query
        // For indexes that leave out what has none: a comparison of two columns says nothing of it.
        .where(column, "is not", null)
        .where((eb) => eb(eb.refTuple(column, "level"), ">", eb.tuple(after, levelAfter)))
        .executeTakeFirst();
      const value = next?.[column];
      if (next === undefined || value === undefined || value === null || !value.startsWith(beginning)) break;
      from = { column, value, level: next.level };
      found.set(`${next.level} ${value}`, from);
      if (found.size > max) return undefined;
    }
  }
  return [...found.values()];
}
