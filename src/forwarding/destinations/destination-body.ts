import type { SealedSecret, Secrets } from "../../secrets/secrets.ts";
import { destinationSecretPlace } from "./destination-queries.ts";
import type { DestinationBody } from "./destination-schema.ts";
import { parseDestinationSecret, parseSettings } from "./destination-settings.ts";
import { type DestinationSecrets, parseSpan, secretNames, type Transport } from "./destination.ts";

/** Settings and secrets as they were given: what wasn't isn't there, null is what is removed. Refuses with `invalid`. */
export function parseDestinationBody(
  transport: Transport,
  body: Omit<DestinationBody, "format">,
  secrets: Secrets | undefined,
  uuid: string,
) {
  const { filter, exclude, ...given } = body;
  const settings = parseSettings(transport, given);
  parseSpan({ filter: filter ?? [], exclude: exclude ?? [] });
  const sealed = secretNames.flatMap((name): [string, SealedSecret][] => {
    const text = given[name];
    if (text === undefined) return [];
    if (text === "") return [[name, null]];
    const clear = parseDestinationSecret(name, text);
    return [[name, secrets?.seal(destinationSecretPlace(uuid, name), clear) ?? null]];
  });
  return {
    settings,
    // Of their own names.
    secrets: Object.fromEntries(sealed) as Partial<DestinationSecrets<SealedSecret>>,
    ...(filter !== undefined && { filter }),
    ...(exclude !== undefined && { exclude }),
  };
}
