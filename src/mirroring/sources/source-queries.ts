import type { Selectable } from "kysely";
import type { Reader } from "../../audit/action.ts";
import { findTrusted } from "../../audit/row-trust.ts";
import type { Database } from "../../database/database.ts";
import { Refusal } from "../../refusal.ts";
import type { Secrets } from "../../secrets/secrets.ts";
import { imageOf } from "../../verifiable-log/row-digest.ts";
import type { SourceTable } from "../tables.ts";
import type { SourceSecret, Source } from "./source.ts";

type SourceRow = Selectable<SourceTable>;

/** All sources, by name. */
export async function listSources(db: Reader): Promise<readonly Source[]> {
  return (await db.selectFrom("source").selectAll().orderBy("name").execute()).map(asSource);
}

/** The source of that name. Refuses with `not_found`. */
export async function getSource(db: Reader, name: string): Promise<Source> {
  return asSource(await getRow(db, name));
}

/** A source with what opens its secrets, for those who ask it. */
export interface OpenSource extends Source {
  /** Undefined where there is none. Throws where no key that is there opens it. */
  secret(which: SourceSecret): string | undefined;
}

/** The source with its secrets, if it is as events left it: what was changed by SQL isn't read from. Refuses with `not_found`. */
export async function openSource(db: Database, secrets: Secrets | undefined, name: string): Promise<OpenSource> {
  const row = await getRow(db, name);
  const trusted = await findTrusted(db, "source", row.id, imageOf(row));
  if (trusted === undefined) throw noSuchSource(name);
  if (trusted === null) {
    throw new Error(`the settings of source '${name}' were changed by SQL: delete it and create it again`);
  }
  return {
    ...asSource(row),
    secret(which) {
      const sealed = row[secretColumns[which]];
      if (sealed === null) return undefined;
      const clear = secrets?.open(sourceSecretPlace(row.uuid, which), sealed);
      if (clear !== undefined) return clear;
      throw new Error(`no secrets key opens the ${secretColumns[which]} of source '${name}': enter it again`);
    },
  };
}

export const secretColumns = {
  databasePassword: "database_password",
  apiKey: "api_key",
  password: "password",
} as const satisfies Readonly<Record<SourceSecret, keyof SourceTable>>;

/** What a source's secret is encrypted for. */
export const sourceSecretPlace = (row: string, which: SourceSecret) => ({
  table: "source",
  row,
  column: secretColumns[which],
});

async function getRow(db: Reader, name: string): Promise<SourceRow> {
  const row = await db.selectFrom("source").selectAll().where("name", "=", name).executeTakeFirst();
  if (row === undefined) throw noSuchSource(name);
  return row;
}

function noSuchSource(name: string): Refusal {
  return new Refusal("not_found", `There is no source '${name.slice(0, 100)}'.`);
}

export function asSource(row: SourceRow): Source {
  return {
    id: row.id,
    uuid: row.uuid,
    name: row.name,
    database: row.database,
    url: row.url,
    username: row.username,
    allowsPlainHttp: row.allows_plain_http === 1,
    isEnabled: row.is_enabled === 1,
    generation: row.generation,
    has: {
      databasePassword: row.database_password !== null,
      apiKey: row.api_key !== null,
      password: row.password !== null,
    },
    created: row.created,
    updated: row.updated,
  };
}
