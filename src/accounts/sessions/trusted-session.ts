import { findTrusted } from "../../audit/row-trust.ts";
import type { Database } from "../../database/database.ts";
import { imageOf, type RowImage } from "../../verifiable-log/row-digest.ts";
import { factorDue, type FactorPolicy } from "../second-factor/factor-policy.ts";
import { hashSessionId } from "./session.ts";
import type { OpenSession } from "./session-queries.ts";
import { unauthorised } from "./token-claim.ts";

/**
 * The session with what its user may: a row that somebody has changed behind the log's back lets nobody in. Undefined where one of the
 * rows has gone meanwhile.
 */
export async function trustedSession(
  db: Database,
  open: OpenSession,
  sessionId: string,
): Promise<TrustedSession | undefined> {
  const { session } = open;
  const known = imageOf({ token_hash: hashSessionId(sessionId), user_id: session.userId });
  const [own, user] = await Promise.all([
    findTrusted(db, "session", session.id, known),
    findTrusted(db, "user", session.userId),
  ]);
  if (own === null || user === null) throw unauthorised("'The session is not what was recorded.'");
  if (own === undefined || user === undefined) return undefined;
  return { ...open, ...roleOf(user), own, user };
}

/** A session with its row, and its user's. */
export interface TrustedSession extends OpenSession {
  readonly own: RowImage;
  readonly user: RowImage;
}

/** What is known of its second factor. */
export function factorOf({ own, user, isSuperuser, isAuditor }: TrustedSession, policy: FactorPolicy, now: number) {
  const due = factorDue(policy, {
    isSuperuser,
    isAuditor,
    created: Number(user["created"]),
    roleSince: timeOf(user["role_since"]),
  });
  const isSetUp = user["factor_since"] !== undefined;
  return { at: timeOf(own["factor_at"]), isSetUp, isOverdue: !isSetUp && due !== null && due <= now };
}

function timeOf(value: string | number | undefined): number | null {
  return value === undefined ? null : Number(value);
}

/** The role that a user's row gives. */
export function roleOf(user: RowImage): Pick<OpenSession, "isSuperuser" | "isAuditor"> {
  return { isSuperuser: user["is_superuser"] === 1, isAuditor: user["is_auditor"] === 1 };
}
