import type { Reader } from "../audit/action.ts";
import type { LinkedIdentity } from "./identity-queries.ts";
import { dayMicros } from "../time.ts";

/** Somebody with API keys whom a provider hasn't vouched for lately. */
export interface Leaver extends Pick<LinkedIdentity, "provider" | "issuer" | "subject" | "lastLogin"> {
  readonly username: string;
  readonly isActive: boolean;
  readonly apiKeys: number;
}

/** Those who haven't signed in for so many days, the longest first. `now` is in microseconds. */
export async function listLeavers(db: Reader, days: number, now: number): Promise<readonly Leaver[]> {
  const before = now - days * dayMicros;
  const rows = await db
    .selectFrom("oidc_identity")
    .innerJoin("oidc_provider", "oidc_provider.id", "oidc_identity.provider_id")
    .innerJoin("user", "user.id", "oidc_identity.user_id")
    .innerJoin("token", "token.user_id", "user.id")
    .where(({ eb, fn }) => eb(fn.coalesce("oidc_identity.last_login", "oidc_identity.created"), "<=", before))
    .where(({ eb, or }) => or([eb("token.expires", "is", null), eb("token.expires", ">", now)]))
    .groupBy(["oidc_identity.id", "user.username", "user.is_active", "oidc_provider.name", "oidc_provider.issuer"])
    .select(["user.username", "user.is_active", "oidc_provider.name", "oidc_provider.issuer"])
    .select(["oidc_identity.subject", "oidc_identity.last_login"])
    .select(({ fn }) => fn.count<number>("token.id").as("keys"))
    .execute();
  return rows
    .map((row) => ({
      username: row.username,
      isActive: row.is_active === 1,
      apiKeys: row.keys,
      provider: row.name,
      issuer: row.issuer,
      subject: row.subject,
      lastLogin: row.last_login,
    }))
    .toSorted((one, other) => (one.lastLogin ?? 0) - (other.lastLogin ?? 0));
}
