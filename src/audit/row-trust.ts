import { sql } from "kysely";
import type { Database } from "../database/database.ts";
import { findDamage } from "../database/checking/damage.ts";
import type { LogHeadTable } from "../database/log-tables.ts";
import { catchUp, catchUpFor } from "../database/writing/catch-up.ts";
import type { RowMac } from "../database/writing/row-changes.ts";
import { type TrustedTable, trustedTables } from "../database/writing/trusted-tables.ts";
import { writerOf } from "../database/writing/writer.ts";
import { imageOf, type RowImage } from "../verifiable-log/row-digest.ts";
import { machineActor } from "./actor.ts";
import { rowDiffers } from "./machine-actions.ts";
import { perform } from "./perform.ts";

/** The same row is told of so often: whoever has changed it would else fill the log by using it. */
const alarmIntervalMs = 60_000;
/** Settings are looked at all the time. */
const settingAlarmIntervalMs = 3_600_000;
const alarmsRemembered = 1_000;
/** A row that changes between so many readings isn't one that is changed by people. */
const readingsMax = 5;

const alarms = new WeakMap<Database, Map<string, number>>();

/**
 * The row of that id if somebody with the log's append key has left it so, and no event has changed it since; else null, and
 * an event tells of it. Undefined where there is none. Checked wherever a row lets somebody in: what is changed by SQL, used and set back
 * before the next verification would leave no other trace. `known` is what the row was found by: an index whose entries somebody has
 * changed leads to another row, which is right in itself. Refuses with `forged_head` where the log's head doesn't vouch for what is there.
 */
export async function findTrusted(
  db: Database,
  table: TrustedTable,
  id: number | string,
  known: RowImage = {},
): Promise<RowImage | null | undefined> {
  const { keys } = writerOf(db);
  const key = String(id);
  // Again while it changes just then.
  for (let reading = 1; reading <= readingsMax; reading += 1) {
    const found = await readBeside(db, table, id);
    if (found === undefined) break;
    const { head, row } = found;
    if (!keys.newest.isAt(head.newest_mac)) await catchUp(db, keys);
    // An older head may have come back with the row: what has been recorded since this process has looked is not in it.
    else if (head.last_event > keys.newest.size) await catchUpFor(db, keys, { table, key });
    const newest = keys.newest.find(table, key);
    if (row === undefined && newest === undefined) return undefined;
    if (row !== undefined && row.beside?.event_id === newest) {
      const isRight =
        Object.entries(known).every(([column, value]) => row.image[column] === value) &&
        keys.isAuthenticRow(table, key, row.image, row.beside);
      if (isRight) return row.image;
      break;
    }
    if (newest !== undefined && newest <= head.last_event_id) break;
  }
  await alarm(db, table, key);
  return null;
}

/** A row as it is stored, and what stands beside it. */
interface Found {
  readonly image: RowImage;
  readonly beside: RowMac | null;
}

/** The head of the log, and a row as it was then. */
interface FoundBelow {
  readonly head: Pick<LogHeadTable, "last_event_id" | "newest_mac"> & { readonly last_event: number };
  readonly row: Found | undefined;
}

/** Undefined where it can't be read: a number that no program has written. */
async function readBeside(db: Database, table: TrustedTable, id: number | string): Promise<FoundBelow | undefined> {
  const own = `${table}.${trustedTables[table]}`;
  const query = db
    .selectFrom("log_head")
    // Any of the tables will do for the types: the row is taken as it comes.
    .leftJoin(table as "user", (join) => join.on(sql.ref(own), "=", id))
    .leftJoin("row_mac", (join) =>
      join.on("row_mac.table_name", "=", table).on("row_mac.key", "=", sql<string>`cast(${sql.ref(own)} as text)`),
    )
    .selectAll(table as "user")
    .select((eb) => [
      eb
        .selectFrom("event")
        .select(({ fn }) => fn.max("event.id").as("last"))
        .as("last_event"),
      "log_head.last_event_id as head_event",
      "log_head.newest_mac as head_newest",
      "row_mac.event_id as mac_event",
      "row_mac.salt as mac_salt",
      "row_mac.key_id as mac_key",
      "row_mac.mac as mac_code",
    ]);
  try {
    const { last_event, head_event, head_newest, mac_event, mac_salt, mac_key, mac_code, ...columns } =
      await query.executeTakeFirstOrThrow();
    const head = { last_event_id: head_event, newest_mac: head_newest, last_event: last_event ?? 0 };
    if ((columns as Readonly<Record<string, unknown>>)[trustedTables[table]] === null) return { head, row: undefined };
    const isBeside = mac_event !== null && mac_salt !== null && mac_key !== null && mac_code !== null;
    const beside = isBeside ? { event_id: mac_event, salt: mac_salt, key_id: mac_key, mac: mac_code } : null;
    return { head, row: { image: imageOf(columns), beside } };
  } catch (error) {
    if (findDamage(error) === undefined) throw error;
    return undefined;
  }
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
