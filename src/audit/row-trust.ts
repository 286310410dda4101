import { sql } from "kysely";
import type { Database } from "../database/database.ts";
import { writerOf } from "../database/writing/writer.ts";
import { imageOf, type RowImage } from "../verifiable-log/row-digest.ts";
import { machineActor } from "./actor.ts";
import { rowDiffers } from "./machine-actions.ts";
import { perform } from "./perform.ts";

/** Tables whose rows say who somebody is and what they may. */
export type TrustedTable = "user" | "session" | "token";

/** The same row is told of so often: whoever has changed it would else fill the log by using it. */
const alarmIntervalMs = 60_000;
const alarmsRemembered = 1_000;

const alarms = new WeakMap<Database, Map<string, number>>();

/**
 * The row of that id if somebody with the log's append key has left it so; else null, and an event tells of it. Undefined where it is
 * gone. Checked wherever a row lets somebody in: what is changed by SQL, used and set back before the next verification would leave no
 * other trace.
 */
export async function findTrusted(db: Database, table: TrustedTable, id: number): Promise<RowImage | null | undefined> {
  const row = await db
    // Any of the tables will do for the types: the row is taken as it comes.
    .selectFrom(table as "user")
    .leftJoin("row_mac", (join) =>
      join
        .on("row_mac.table_name", "=", table)
        .on("row_mac.key", "=", sql<string>`cast(${sql.ref(`${table}.id`)} as text)`),
    )
    .selectAll(table as "user")
    .select([
      "row_mac.event_id as mac_event",
      "row_mac.salt as mac_salt",
      "row_mac.key_id as mac_key",
      "row_mac.mac as mac_code",
    ])
    .where(sql.ref(`${table}.id`), "=", id)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const { mac_event, mac_salt, mac_key, mac_code, ...columns } = row;
  const image = imageOf(columns);
  const beside =
    mac_event === null || mac_salt === null || mac_key === null || mac_code === null
      ? null
      : { event_id: mac_event, salt: mac_salt, key_id: mac_key, mac: mac_code };
  if (writerOf(db).keys.isAuthenticRow(table, String(id), image, beside)) return image;
  await alarm(db, table, String(id));
  return null;
}

async function alarm(db: Database, table: TrustedTable, key: string): Promise<void> {
  const told = alarms.get(db) ?? new Map<string, number>();
  alarms.set(db, told);
  const name = `${table}/${key}`;
  const now = Date.now();
  if (now - (told.get(name) ?? -Infinity) < alarmIntervalMs) return;
  if (told.size >= alarmsRemembered) told.clear();
  told.set(name, now);
  await perform(db, machineActor("ironlog"), rowDiffers, { table, key });
}
