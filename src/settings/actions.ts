import { defineAction } from "../audit/action.ts";
import { draftEvent } from "../audit/event-draft.ts";
import { findSetting } from "./definitions.ts";
import { getSetting } from "./queries.ts";
import type { SettingValue } from "./value.ts";

export const updateSetting = defineAction({
  async run(tx, { name, value, now }: { name: string; value: SettingValue; now: number }) {
    const before = await getSetting(tx, name);
    const row = { value: JSON.stringify(value), updated: now };
    await tx
      .insertInto("setting")
      .values({ name, ...row })
      .onConflict((conflict) => conflict.column("name").doUpdateSet(row))
      .execute();
    return { name, before, after: value };
  },
  events: ({ name, before, after }) => {
    const { isSecret = false } = findSetting(name)?.definition ?? {};
    const target = { kind: "setting", id: name, name };
    if (isSecret) {
      // One secret can't be told from another, since neither is kept.
      const details = { is_secret: true, is_set: after !== "", is_changed: before !== "" || after !== "" };
      return [draftEvent("setting.update", { name, value: undefined }, { target, details })];
    }
    const details = { value: { old: before, new: after }, is_changed: before !== after };
    return [draftEvent("setting.update", { name, value: pythonText(after) }, { target, details })];
  },
});

/** A value as MAAS's descriptions print it, which is as Python does. */
function pythonText(value: SettingValue): string {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  return String(value);
}
