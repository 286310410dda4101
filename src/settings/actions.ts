import { defineAction } from "../audit/action.ts";
import { draftEvent } from "../audit/event-draft.ts";
import { findSetting } from "./definitions.ts";
import { passwordLoginSetting, refuseLockout } from "./password-login.ts";
import { getSetting } from "./queries.ts";
import type { NewSetting } from "./new-setting.ts";
import type { SettingValue } from "./value.ts";

export const updateSetting = defineAction({
  async run(tx, { name, value, isSecretNew, now }: NewSetting) {
    const before = await getSetting(tx, name);
    const row = { value: JSON.stringify(value), updated: now };
    await tx
      .insertInto("setting")
      .values({ name, ...row })
      .onConflict((conflict) => conflict.column("name").doUpdateSet(row))
      .execute();
    if (name === passwordLoginSetting) await refuseLockout(tx);
    return { name, before, after: value, isSecretNew };
  },
  events: ({ name, before, after, isSecretNew }) => {
    const { isSecret = false } = findSetting(name)?.definition ?? {};
    const target = { kind: "setting", id: name, name };
    if (isSecret) {
      const details = { is_secret: true, is_set: after !== "", is_changed: isSecretNew || before !== after };
      return [draftEvent("setting.update", { name, value: undefined }, { target, details })];
    }
    const details = { value: { old: before, new: after }, is_changed: isSecretNew || before !== after };
    return [draftEvent("setting.update", { name, value: pythonText(after) }, { target, details })];
  },
});

/** A value as MAAS's descriptions print it, which is as Python does. */
function pythonText(value: SettingValue): string {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  return String(value);
}
