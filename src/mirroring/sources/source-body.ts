import { invalidField } from "../../refusal.ts";
import type { SealedSecret, Secrets } from "../../secrets/secrets.ts";
import { sourceSecretPlace } from "./source-queries.ts";
import type { SourceBody } from "./source-schema.ts";
import {
  parseSourceDatabase,
  parseSourceKey,
  parseSourceLine,
  parseSourceUrl,
  type Secrecy,
  type SourceSecret,
} from "./source.ts";

/** Settings and secrets as they were given: undefined for what wasn't, null for what is removed. Refuses with `invalid`. */
export function parseSourceBody(
  body: SourceBody,
  allowsPlainHttp: boolean,
  secrets: Secrets | undefined,
  uuid: string,
) {
  const place = given(body.database, parseSourceDatabase);
  const inUrl = place?.password;
  if (inUrl !== undefined && body.database_password !== undefined) {
    throw invalidField("database_password", "The password stands in the database's URL already: enter it once.");
  }
  const url = given(body.url, (text) => parseSourceUrl(text, allowsPlainHttp));
  const username = given(body.username, (text) => parseSourceLine("username", text));
  const clear = {
    // Without its database or its user a password is of no use.
    databasePassword:
      place === null
        ? null
        : (inUrl ?? given(body.database_password, (text) => parseSourceLine("database_password", text))),
    apiKey: given(body.apikey, parseSourceKey),
    password: username === null ? null : given(body.password, (text) => parseSourceLine("password", text)),
  } satisfies Secrecy<string | null | undefined>;
  const sealed = Object.entries(clear).flatMap(([name, text]): [string, SealedSecret][] =>
    text === undefined
      ? []
      : [[name, text === null ? null : (secrets?.seal(sourceSecretPlace(uuid, name as SourceSecret), text) ?? null)]],
  );
  return {
    ...(place !== undefined && { database: place === null ? null : place.database }),
    ...(url !== undefined && { url }),
    ...(username !== undefined && { username }),
    // Of their own names.
    sealed: Object.fromEntries(sealed) as Partial<Secrecy<SealedSecret>>,
  };
}

function given<Value>(text: string | undefined, parse: (text: string) => Value): Value | null | undefined {
  if (text === undefined) return undefined;
  return text === "" ? null : parse(text);
}
