import { Type } from "typebox";
import { refuseStaleFactor } from "../http/authentication/session-factor.ts";
import { listOf, nativeList } from "../http/native/list.ts";
import { nativeOperation, type NativeOperation } from "../http/native/operation.ts";
import { invalidField, Refusal } from "../refusal.ts";
import { updateSetting } from "./actions.ts";
import { findSetting, isOwnSetting, type SettingDefinition, settingKind } from "./definitions.ts";
import { describeSetting } from "./groups.ts";
import { quoteOrHide } from "./hidden.ts";
import { parseSetting } from "./new-setting.ts";
import { getSetting, listSettings } from "./queries.ts";
import type { SettingValue } from "./value.ts";

const plainValue = Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Null()]);

const settingSchema = Type.Object({
  name: Type.String(),
  value: plainValue,
  title: Type.String({ description: "What it is called for people." }),
  unit: Type.Union([Type.Enum(["seconds", "minutes", "hours", "days"]), Type.Null()], {
    description: "What its number counts; null where it is no time.",
  }),
  is_secret: Type.Boolean({ description: "Its value is kept nowhere: ******** where it is set." }),
  group: Type.String({ description: "The title under which it stands on a page." }),
  help: Type.String({ description: "What it is for." }),
  kind: Type.Enum(["boolean", "number", "choice", "text"]),
  choices: Type.Union([Type.Array(Type.Union([Type.String(), Type.Number()])), Type.Null()], {
    description: "All that a choice can be; null for the other kinds.",
  }),
});

/** The server's settings. */
export const nativeSettingOperations: readonly NativeOperation[] = [
  nativeOperation({
    path: "/settings",
    method: "GET",
    id: "listSettings",
    command: ["settings", "list"],
    who: "auditor",
    summary: "List settings",
    answer: {
      status: 200,
      description: "All of them, in MAAS's order, then Ironlog's own.",
      schema: listOf(settingSchema),
    },
    does: ({ query }) =>
      query(async ({ db }) => {
        const settings = await listSettings(db);
        return { status: 200, body: nativeList([...settings].map(([name, value]) => nativeSetting(name, value))) };
      }),
  }),
  nativeOperation({
    path: "/settings/{name}",
    method: "GET",
    id: "readSetting",
    command: ["settings", "read"],
    who: "auditor",
    summary: "Read a setting",
    answer: { status: 200, description: "The setting.", schema: settingSchema },
    does: ({ query }) =>
      query(async ({ db, request }) => {
        const { name } = getDefinition(request.path["name"] ?? "");
        return { status: 200, body: nativeSetting(name, await getSetting(db, name)) };
      }),
  }),
  nativeOperation({
    path: "/settings/{name}",
    method: "PUT",
    id: "updateSetting",
    command: ["settings", "update"],
    who: "administrator",
    summary: "Set a setting",
    description: "It takes effect at once.",
    body: Type.Object({ value: plainValue }, { additionalProperties: false }),
    answer: { status: 200, description: "The setting as it is now.", schema: settingSchema },
    does: ({ command }) =>
      command({
        action: updateSetting,
        async input({ credentials, now, request: { path, body } }) {
          const { name, definition } = getDefinition(path["name"] ?? "");
          if (isOwnSetting(name)) refuseStaleFactor({ credentials }, now);
          return { name, ...parseValue(definition, body.value), now };
        },
        output: ({ name, after }) => ({ status: 200, body: nativeSetting(name, after) }),
      }),
  }),
];

function getDefinition(given: string) {
  const found = findSetting(given);
  if (found === undefined) throw new Refusal("not_found", `There is no setting '${quoteOrHide(given)}'.`);
  return found;
}

/** The same rules as for what is typed; the field is called `value` here. */
function parseValue(definition: SettingDefinition, value: SettingValue) {
  try {
    return parseSetting(definition, value === null ? "" : String(value), "value");
  } catch (error) {
    if (error instanceof Refusal) throw invalidField("value", error.message);
    throw error;
  }
}

function nativeSetting(name: string, value: SettingValue) {
  const { definition } = getDefinition(name);
  return {
    name,
    value,
    is_secret: definition.isSecret === true,
    ...describeSetting(name),
    kind: settingKind(definition),
    choices: definition.choices ?? null,
  };
}
