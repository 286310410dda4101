import { refuseStaleFactor } from "../http/authentication/session-factor.ts";
import { acknowledgement, bareJson } from "../http/maas/answer.ts";
import type { MaasOperation } from "../http/maas/operation.ts";
import { command, Finished, query } from "../http/operations/operation.ts";
import { Refusal } from "../refusal.ts";
import { updateSetting } from "./actions.ts";
import { findSetting, isOwnSetting, settingDefinitions } from "./definitions.ts";
import { quoteOrHide } from "./hidden.ts";
import { parseSetting } from "./new-setting.ts";
import { getSetting } from "./queries.ts";

const maas = {
  resource: { name: "MaasHandler", doc: "Manage the settings of this server." },
  path: "api/2.0/maas/",
} as const;
const names = Object.keys(settingDefinitions);

/** MAAS's settings: MAAS API 2.0, `maasserver/api/maas.py`. */
export const maasSettingOperations: readonly MaasOperation[] = [
  {
    ...maas,
    method: "GET",
    op: "get_config",
    who: "user",
    title: "Get a configuration value",
    description: "Get a configuration value. Of a secret setting administrators are told whether it is set.",
    parameters: { name: { type: "String", required: true, doc: `The name of the setting: ${names.join(", ")}.` } },
    example: "name=maas_name",
    does: query(async ({ db, actor, request: { query } }) => {
      const found = findDefinition(query.last("name") ?? "");
      if ("unknown" in found) return found.unknown;
      const { name, definition } = found;
      if (definition.isSecret === true && actor.user?.isSuperuser !== true) {
        throw new Refusal("forbidden", `Whether '${name}' is set is for administrators.`, {
          isForAdministrators: true,
        });
      }
      return bareJson(await getSetting(db, name));
    }),
  },
  {
    ...maas,
    method: "POST",
    op: "set_config",
    who: "administrator",
    title: "Set a configuration value",
    description: "Set a configuration value. It takes effect at once.",
    parameters: {
      name: { type: "String", required: true, doc: `The name of the setting: ${names.join(", ")}.` },
      value: { type: "String", required: true, doc: "The value of the setting to be set." },
    },
    example: "name=maas_name value=Audit",
    does: command({
      action: updateSetting,
      async input({ credentials, now, request: { parameters } }) {
        const found = findDefinition(parameters.last("name") ?? "");
        if ("unknown" in found) return new Finished(found.unknown);
        const { name, definition } = found;
        if (isOwnSetting(name)) refuseStaleFactor({ credentials }, now);
        return { name, ...parseSetting(definition, parameters.last("value") ?? "", name), now };
      },
      output: () => acknowledgement("OK", 200),
    }),
  },
];

/** The setting of that name, or MAAS's answer where there is none: unlike other mistakes it has the bare type of JSON. */
function findDefinition(given: string) {
  if (given === "") throw new Refusal("invalid", "Invalid name: Please enter a value");
  const found = findSetting(given);
  if (found !== undefined) return found;
  const shown = quoteOrHide(given);
  const message = `${shown} is not a valid config setting (valid settings are: ${names.join(", ")}).`;
  return { unknown: bareJson({ [shown]: [message] }, 400) };
}
