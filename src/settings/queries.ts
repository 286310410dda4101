import type { Reader } from "../audit/action.ts";
import { findTrusted } from "../audit/row-trust.ts";
import type { Database } from "../database/database.ts";
import { settingDefinitions } from "./definitions.ts";
import { hidden, holdsSecret } from "./hidden.ts";
import type { SettingValue } from "./value.ts";

/** The value of a setting as it is now. */
export async function getSetting(db: Reader, name: string): Promise<SettingValue> {
  const row = await db.selectFrom("setting").select("value").where("name", "=", name).executeTakeFirst();
  return row === undefined ? initialValue(name) : asValue(name, row.value);
}

/** The same where much hangs on it: for one that was changed by SQL the initial one stands in, and an event tells of it. */
export async function getTrustedSetting(db: Database, name: string): Promise<SettingValue> {
  const found = await findTrustedSetting(db, name);
  return found === "changed" ? initialValue(name) : found.value;
}

/** The same with when it was set, in microseconds since 1970 UTC; 0 where it never was. `changed` for one that was changed by SQL. */
export async function findTrustedSetting(
  db: Database,
  name: string,
): Promise<{ readonly value: SettingValue; readonly updated: number } | "changed"> {
  const row = await findTrusted(db, "setting", name);
  if (row === null) return "changed";
  if (row === undefined) return { value: initialValue(name), updated: 0 };
  return { value: asValue(name, String(row["value"])), updated: Number(row["updated"]) };
}

function initialValue(name: string): SettingValue {
  return settingDefinitions[name]?.initial ?? null;
}

/** Every setting's value, in MAAS's order. */
export async function listSettings(db: Reader): Promise<ReadonlyMap<string, SettingValue>> {
  const rows = await db.selectFrom("setting").selectAll().execute();
  const set = new Map(rows.map(({ name, value }) => [name, asValue(name, value)]));
  return new Map(
    Object.entries(settingDefinitions).map(([name, { initial }]) => [
      name,
      set.has(name) ? (set.get(name) ?? null) : initial,
    ]),
  );
}

/** Only a parser's result is ever stored. An older version's parser may have let a secret through. */
function asValue(name: string, json: string): SettingValue {
  const stored = JSON.parse(json) as SettingValue;
  const parse = settingDefinitions[name]?.parse;
  if (typeof stored !== "string" || parse === undefined) return stored;
  try {
    return parse(stored, name);
  } catch {
    return holdsSecret(stored) ? hidden : stored;
  }
}
