import type { SettingDefinition } from "./definitions.ts";
import { hidden } from "./hidden.ts";
import type { SettingValue } from "./value.ts";

/** What a setting is to be. */
export interface NewSetting {
  readonly name: string;
  readonly value: SettingValue;
  /** Whether it came with a secret. One secret can't be told from another, since none is kept: it counts as a change. */
  readonly isSecretNew: boolean;
  /** Microseconds. */
  readonly now: number;
}

/** Reads what was typed for a setting. Refuses with `invalid`, for `field`. What is hidden, set back as it's shown, changes nothing. */
export function parseSetting(
  definition: SettingDefinition,
  given: string,
  field: string,
): Pick<NewSetting, "value" | "isSecretNew"> {
  const value = definition.parse(given, field);
  return { value, isSecretNew: typeof value === "string" && value.includes(hidden) && given !== value };
}
