import type { Selectable } from "kysely";
import type { Reader } from "../../audit/action.ts";
import type { LinkedPerson } from "../../audit/actor.ts";
import { findTrusted } from "../../audit/row-trust.ts";
import type { Database } from "../../database/database.ts";
import { imageOf } from "../../verifiable-log/row-digest.ts";
import type { RealmIdentityTable } from "../tables.ts";

/** Who an account is at a mirrored MAAS: proven once, with a key of theirs. `created` is in microseconds. */
export interface RealmIdentity extends LinkedPerson {
  readonly id: number;
  readonly userId: number;
  readonly realmUsername: string;
  readonly created: number;
}

/** Who somebody is at mirrored MAASes, oldest first. */
export async function listRealmIdentities(db: Reader, userId: number): Promise<readonly RealmIdentity[]> {
  return (await rowsOf(db, userId)).map(asIdentity);
}

/** The same, without rows that somebody has changed or added by SQL: whose events an account sees is at stake. */
export async function findLinkedPeople(db: Database, userId: number): Promise<readonly LinkedPerson[]> {
  const rows = await rowsOf(db, userId);
  const trusted = await Promise.all(rows.map((row) => findTrusted(db, "realm_identity", row.id, imageOf(row))));
  return rows.filter((_, at) => trusted[at] !== null && trusted[at] !== undefined).map(asIdentity);
}

function rowsOf(db: Reader, userId: number): Promise<readonly Selectable<RealmIdentityTable>[]> {
  return db.selectFrom("realm_identity").selectAll().where("user_id", "=", userId).orderBy("id").execute();
}

function asIdentity(row: Selectable<RealmIdentityTable>): RealmIdentity {
  const { id, user_id, realm, generation, realm_user_id, realm_username, created } = row;
  return { id, userId: user_id, realm, generation, realmUserId: realm_user_id, realmUsername: realm_username, created };
}
