import { sql } from "kysely";
import type { Database } from "../database/database.ts";
import { findDamage } from "../database/checking/damage.ts";
import type { RowMac } from "../database/writing/row-changes.ts";
import { writerOf } from "../database/writing/writer.ts";
import { imageOf, parseState, type RowImage } from "../verifiable-log/row-digest.ts";
import { machineActor } from "./actor.ts";
import { rowDiffers } from "./machine-actions.ts";
import { perform } from "./perform.ts";
import { type TrustedTable, trustedTables } from "./trusted-tables.ts";

/** The same row is told of so often: whoever has changed it would else fill the log by using it. */
const alarmIntervalMs = 60_000;
/** Settings are looked at all the time. */
const settingAlarmIntervalMs = 3_600_000;
const alarmsRemembered = 1_000;

const alarms = new WeakMap<Database, Map<string, number>>();

/**
 * The row of that id if somebody with the log's append key has left it so, and no later event is known to have changed it; else null, and
 * an event tells of it. Undefined where it is gone. Checked wherever a row lets somebody in: what is changed by SQL, used and set back
 * before the next verification would leave no other trace. `known` is what the row was found by: an index whose entries somebody has
 * changed leads to another row, which is right in itself.
 */
export async function findTrusted(
  db: Database,
  table: TrustedTable,
  id: number | string,
  known: RowImage = {},
): Promise<RowImage | null | undefined> {
  const { keys } = writerOf(db);
  const key = String(id);
  // Before the row: it may change, and that be noted, while it is read.
  const newest = keys.newest.find(table, key);
  const found = await readBeside(db, table, id);
  if (found === undefined) return undefined;
  const isRight =
    Object.entries(known).every(([column, value]) => found.image[column] === value) &&
    keys.isAuthenticRow(table, key, found.image, found.beside);
  if (!isRight || (await isReplaced(db, table, key, found, newest))) {
    await alarm(db, table, key);
    return null;
  }
  if (found.beside !== null) keys.newest.note({ table, key, event_id: found.beside.event_id });
  return found.image;
}

/** A row as it is stored, and what stands beside it. */
interface Found {
  readonly image: RowImage;
  readonly beside: RowMac | null;
}

async function readBeside(db: Database, table: TrustedTable, id: number | string): Promise<Found | undefined> {
  const own = `${table}.${trustedTables[table]}`;
  const query = db
    // Any of the tables will do for the types: the row is taken as it comes.
    .selectFrom(table as "user")
    .leftJoin("row_mac", (join) =>
      join.on("row_mac.table_name", "=", table).on("row_mac.key", "=", sql<string>`cast(${sql.ref(own)} as text)`),
    )
    .selectAll(table as "user")
    .select([
      "row_mac.event_id as mac_event",
      "row_mac.salt as mac_salt",
      "row_mac.key_id as mac_key",
      "row_mac.mac as mac_code",
    ])
    .where(sql.ref(own), "=", id);
  try {
    const row = await query.executeTakeFirst();
    if (row === undefined) return undefined;
    const { mac_event, mac_salt, mac_key, mac_code, ...columns } = row;
    const isBeside = mac_event !== null && mac_salt !== null && mac_key !== null && mac_code !== null;
    const beside = isBeside ? { event_id: mac_event, salt: mac_salt, key_id: mac_key, mac: mac_code } : null;
    return { image: imageOf(columns), beside };
  } catch (error) {
    // A number that no program has written. What can't be read is nothing that was recorded.
    if (findDamage(error) === undefined) throw error;
    return { image: {}, beside: null };
  }
}

/** Whether the row is older than `newest` has it, an event. A fail-over may have lost that event: then it is not. */
async function isReplaced(
  db: Database,
  table: TrustedTable,
  key: string,
  { beside }: Found,
  newest: number | undefined,
): Promise<boolean> {
  if (newest === undefined || beside === null || beside.event_id >= newest) return false;
  const row = await db.selectFrom("event").select("state").where("id", "=", newest).executeTakeFirst();
  if (parseState(row?.state ?? "[]").some(([name, rowKey]) => name === table && rowKey === key)) return true;
  writerOf(db).keys.newest.forget(table, key);
  return false;
}

async function alarm(db: Database, table: TrustedTable, key: string): Promise<void> {
  const told = alarms.get(db) ?? new Map<string, number>();
  alarms.set(db, told);
  const name = `${table}/${key}`;
  const now = Date.now();
  if (now - (told.get(name) ?? -Infinity) < (table === "setting" ? settingAlarmIntervalMs : alarmIntervalMs)) return;
  if (told.size >= alarmsRemembered) told.clear();
  told.set(name, now);
  await perform(db, machineActor("ironlog"), rowDiffers, { table, key });
}
