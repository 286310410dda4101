import type { Reader } from "../audit/action.ts";
import { findTrusted } from "../audit/row-trust.ts";
import type { Database } from "../database/database.ts";

/** Somebody as a provider knows them. */
export interface LinkedIdentity {
  readonly id: number;
  readonly userId: number;
  readonly providerId: number;
  readonly provider: string;
  readonly issuer: string;
  /** The provider's own name for them, which never changes. */
  readonly subject: string;
  readonly created: number;
  /** Null before the first login through it. */
  readonly lastLogin: number | null;
}

/** All of a user's, oldest first. */
export async function listLinkedIdentities(db: Reader, userId: number): Promise<readonly LinkedIdentity[]> {
  const rows = await identities(db).where("oidc_identity.user_id", "=", userId).orderBy("oidc_identity.id").execute();
  return rows.map(asIdentity);
}

/** Whom a provider means by a subject. */
export async function findLinkedIdentity(
  db: Reader,
  providerId: number,
  subject: string,
): Promise<LinkedIdentity | undefined> {
  const row = await identities(db)
    .where("oidc_identity.provider_id", "=", providerId)
    .where("oidc_identity.subject", "=", subject)
    .executeTakeFirst();
  return row === undefined ? undefined : asIdentity(row);
}

export async function findIdentityById(db: Reader, id: number): Promise<LinkedIdentity | undefined> {
  const row = await identities(db).where("oidc_identity.id", "=", id).executeTakeFirst();
  return row === undefined ? undefined : asIdentity(row);
}

/** The same where it lets somebody in: null for one that was changed by SQL, and an event tells of it. */
export async function findTrustedIdentity(
  db: Database,
  providerId: number,
  subject: string,
): Promise<LinkedIdentity | null | undefined> {
  const found = await findLinkedIdentity(db, providerId, subject);
  if (found === undefined) return undefined;
  const known = { provider_id: providerId, subject, user_id: found.userId };
  const [own, user] = await Promise.all([
    findTrusted(db, "oidc_identity", found.id, known),
    findTrusted(db, "user", found.userId),
  ]);
  return own === null || user === null ? null : found;
}

function identities(db: Reader) {
  return db
    .selectFrom("oidc_identity")
    .innerJoin("oidc_provider", "oidc_provider.id", "oidc_identity.provider_id")
    .selectAll("oidc_identity")
    .select(["oidc_provider.name", "oidc_provider.issuer"]);
}

interface IdentityRow {
  readonly id: number;
  readonly user_id: number;
  readonly provider_id: number;
  readonly subject: string;
  readonly created: number;
  readonly last_login: number | null;
  readonly name: string;
  readonly issuer: string;
}

function asIdentity(row: IdentityRow): LinkedIdentity {
  return {
    id: row.id,
    userId: row.user_id,
    providerId: row.provider_id,
    provider: row.name,
    issuer: row.issuer,
    subject: row.subject,
    created: row.created,
    lastLogin: row.last_login,
  };
}
