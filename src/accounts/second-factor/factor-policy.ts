import type { Database } from "../../database/database.ts";
import { findTrustedSetting } from "../../settings/queries.ts";
import type { User } from "../users/user.ts";
import { dayMicros } from "../../time.ts";

/** Who must have a second factor, and by when. */
export interface FactorPolicy {
  readonly required: "off" | "administrators" | "all";
  /** When that was set, in microseconds since 1970 UTC. */
  readonly since: number;
  readonly graceMicros: number;
}

/** What settings that were changed by SQL count as: else an insider would turn the policy off. */
const strictest: FactorPolicy = { required: "all", since: 0, graceMicros: 0 };

/** The policy as the settings have it. */
export async function trustedFactorPolicy(db: Database): Promise<FactorPolicy> {
  const required = await findTrustedSetting(db, "ironlog_second_factor");
  if (required === "changed") return strictest;
  const grace = await findTrustedSetting(db, "ironlog_second_factor_grace_days");
  if (grace === "changed") return strictest;
  const graceDays = Number(grace.value);
  return {
    required: required.value as FactorPolicy["required"],
    since: required.updated,
    graceMicros: graceDays * dayMicros,
  };
}

/**
 * When somebody must have a second factor; null for never. The time to set one up begins when the policy was set, the account was
 * made or its role was given, whichever came last. `administrators` means auditors too: they read everything.
 */
export function factorDue(
  { required, since, graceMicros }: FactorPolicy,
  user: Pick<User, "isSuperuser" | "isAuditor" | "created" | "roleSince">,
): number | null {
  const isMeant = required === "all" || (required === "administrators" && (user.isSuperuser || user.isAuditor));
  return isMeant ? Math.max(since, user.created, user.roleSince ?? 0) + graceMicros : null;
}
