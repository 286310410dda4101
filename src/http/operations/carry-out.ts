import type { RefusedRequest } from "../../audit/machine-actions.ts";
import { Refusal } from "../../refusal.ts";
import { type Authenticate, type Caller, type RequestFacts, withoutIntent } from "../authentication/caller.ts";
import { isLoggedIn } from "../authentication/acting-user.ts";
import { type AccessRule, denial, forAccountsAlone, tooNarrow } from "../authentication/permission.ts";
import { type RefusedOperations, unrecordedRefusals } from "../authentication/refused-operations.ts";
import { factorRefusal, refuseStaleFactor } from "../authentication/session-factor.ts";
import { foreignRequest, isForged } from "../request/foreign.ts";

/** What it takes to tell who asks, and to record who was refused. */
export interface AdmissionParts {
  readonly authenticate: Authenticate;
  readonly refused: RefusedOperations;
}

/** What a caller wants done, and who may have it done. */
export interface Asked<Answer> {
  readonly access: AccessRule;
  readonly kind: "query" | "command";
  /** What the event of a refusal names. */
  readonly refused: RefusedRequest;
  /** What is said to users who are no administrators. */
  readonly forbidden: string;
  work(): Promise<Answer>;
}

export interface Admission<Answer> {
  /** True where sessions count without intent and signatures don't count: nobody needs to be logged in. */
  readonly isPublic: boolean;
  /** Finds what the caller asks for; nobody is logged in where the actor has no user. */
  choose(caller: Caller): Asked<Answer>;
  /** The answer to credentials that are wrong; without it their refusal is thrown. */
  wrongCredentials?(refusal: Refusal): Answer;
}

/**
 * The one way from a request to its work: authenticates, denies, records the refusal, runs.
 *
 * Refuses with `unauthenticated` for wrong credentials, with `enrolment_needed` or `factor_needed` for a session that lacks a second
 * factor, with `forbidden` for a caller without the right or for a command that
 * another site's page sent, with `too_many_requests` for more refusals than the log should hold, and with whatever the work refuses.
 */
export async function carryOut<Answer>(
  { authenticate, refused: recorded }: AdmissionParts,
  facts: RequestFacts,
  { isPublic, choose, wrongCredentials }: Admission<Answer>,
): Promise<Answer> {
  let caller: Caller;
  try {
    caller = await authenticate(isPublic ? withoutIntent(facts) : facts);
  } catch (error) {
    if (wrongCredentials === undefined || !(error instanceof Refusal)) throw error;
    return wrongCredentials(error);
  }
  const { access, kind, refused, forbidden, work } = choose(caller);
  const hasForgedIntent = isForged(facts, caller);
  if (hasForgedIntent && kind === "command") throw foreignRequest();
  const refusals = hasForgedIntent ? unrecordedRefusals : recorded;
  const denied = isLoggedIn(caller.actor) ? denial(caller, access, kind) : undefined;
  if (denied === "factor") throw factorRefusal(caller);
  if (denied !== undefined) {
    await refusals.record(caller, refused);
    const told = denied === "scope" ? tooNarrow(caller) : denied === "accounts" ? forAccountsAlone : forbidden;
    throw new Refusal("forbidden", told);
  }
  if (access.needsFreshFactor === true) refuseStaleFactor(caller, facts.now);
  return refusals.around(caller, refused, work);
}

/** What nobody is refused: the answer that is known already. */
export function answering<Answer>(refused: RefusedRequest, answer: Answer): Asked<Answer> {
  return { access: { who: "anyone" }, kind: "query", refused, forbidden: "", work: async () => answer };
}
