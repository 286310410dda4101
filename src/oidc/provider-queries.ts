import type { Selectable } from "kysely";
import type { Reader } from "../audit/action.ts";
import { findTrusted } from "../audit/row-trust.ts";
import type { Database } from "../database/database.ts";
import { Refusal } from "../refusal.ts";
import { imageOf } from "../verifiable-log/row-digest.ts";
import type { Provider } from "./provider.ts";
import type { OidcProviderTable } from "./tables.ts";

/** All providers, by name. */
export async function listProviders(db: Reader): Promise<readonly Provider[]> {
  const rows = await db.selectFrom("oidc_provider").selectAll().orderBy("name").execute();
  return rows.map(asProvider);
}

/** The provider of that name. Refuses with `not_found`. */
export async function getProvider(db: Reader, name: string): Promise<Provider> {
  return asProvider(await getRow(db, name));
}

/** A provider and its client's secret as it is stored. */
export interface TrustedProvider extends Provider {
  readonly sealedSecret: Uint8Array | null;
}

/**
 * The same where it lets somebody in; null for one that was changed by SQL, and an event tells of it. Undefined where there is none of
 * that name.
 */
export async function findTrustedProvider(db: Database, name: string): Promise<TrustedProvider | null | undefined> {
  const row = await db.selectFrom("oidc_provider").selectAll().where("name", "=", name).executeTakeFirst();
  if (row === undefined) return undefined;
  // All of it: what is used below is what has been checked.
  const trusted = await findTrusted(db, "oidc_provider", row.id, imageOf(row));
  return trusted === null || trusted === undefined ? trusted : { ...asProvider(row), sealedSecret: row.client_secret };
}

async function getRow(db: Reader, name: string): Promise<Selectable<OidcProviderTable>> {
  const row = await db.selectFrom("oidc_provider").selectAll().where("name", "=", name).executeTakeFirst();
  if (row === undefined) throw noSuchProvider(name);
  return row;
}

export function noSuchProvider(name: string): Refusal {
  return new Refusal("not_found", `There is no sign-in provider '${name.slice(0, 100)}'.`);
}

function asProvider(row: Selectable<OidcProviderTable>): Provider {
  return {
    id: row.id,
    uuid: row.uuid,
    name: row.name,
    title: row.title,
    issuer: row.issuer,
    clientId: row.client_id,
    hasSecret: row.client_secret !== null,
    scopes: row.scopes,
    accounts: row.accounts,
    usernameClaim: row.username_claim,
    roleClaim: row.role_claim,
    administratorValue: row.administrator_value,
    auditorValue: row.auditor_value,
    requiredClaim: row.required_claim,
    requiredValue: row.required_value,
    isEnabled: row.is_enabled === 1,
    created: row.created,
    updated: row.updated,
  };
}
