import type { Reader } from "../audit/action.ts";
import { settingDefinitions } from "./definitions.ts";
import type { SettingValue } from "./value.ts";

/** The value of a setting as it is now. */
export async function getSetting(db: Reader, name: string): Promise<SettingValue> {
  const row = await db.selectFrom("setting").select("value").where("name", "=", name).executeTakeFirst();
  return row === undefined ? (settingDefinitions[name]?.initial ?? null) : asValue(row.value);
}

/** Every setting's value, in MAAS's order. */
export async function listSettings(db: Reader): Promise<ReadonlyMap<string, SettingValue>> {
  const rows = await db.selectFrom("setting").selectAll().execute();
  const set = new Map(rows.map(({ name, value }) => [name, asValue(value)]));
  return new Map(
    Object.entries(settingDefinitions).map(([name, { initial }]) => [
      name,
      set.has(name) ? (set.get(name) ?? null) : initial,
    ]),
  );
}

/** Only a parser's result is ever stored. */
function asValue(json: string): SettingValue {
  return JSON.parse(json) as SettingValue;
}
