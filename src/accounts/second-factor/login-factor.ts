import type { Actor } from "../../audit/actor.ts";
import type { Database } from "../../database/database.ts";
import { invalidField, Refusal } from "../../refusal.ts";
import type { LoginAttempt } from "../sessions/session-actions.ts";
import { checkFactor, type FactorServices, type GivenFactor } from "./check-factor.ts";
import { factorDue, trustedFactorPolicy } from "./factor-policy.ts";

/** What is said where a right password isn't enough. */
export const codeNeeded = "This account has a second factor: send its code too, or a recovery code.";
/** What is said to a factor that isn't right. */
export const wrongCode = "This code is wrong or was used before: wait for the next one, or use a recovery code.";
/** What is said to a factor of somebody who has none. */
const useless = "There is no second factor: leave the code out.";
/** What is said where an API key is wanted for a password alone, which is no longer enough. */
export const enrolmentNeeded = "Set up a second factor first, on the web page: this server asks you for one.";

/**
 * The attempt with what became of its second factor, if its account has one.
 *
 * A wanted API key is refused like a missing factor where one should have been set up by now: a session could still do so. Refuses with
 * `invalid` a code where there is no factor, with `too_many_requests` where the limiters do, and with `unauthenticated` a wrong factor that the log shall not hold.
 */
export async function withFactor(
  db: Database,
  services: FactorServices,
  attempt: LoginAttempt,
  {
    actor,
    now,
    given,
    wanted,
  }: {
    readonly actor: Actor;
    readonly now: number;
    readonly given: GivenFactor | undefined;
    readonly wanted: "session" | "key";
  },
): Promise<LoginAttempt> {
  const { account, isPasswordRight } = attempt;
  if (account === undefined || !isPasswordRight || !account.user.isActive) return attempt;
  const { user } = account;
  if (user.factorSince === null) {
    if (given !== undefined) return { ...attempt, factor: "wrong" };
    const due = wanted === "key" ? factorDue(await trustedFactorPolicy(db), user) : null;
    return due !== null && due <= now ? { ...attempt, factor: "asked" } : attempt;
  }
  if (given === undefined) return { ...attempt, factor: "asked" };
  const factor = await checkFactor(db, services, { user, actor, now }, given);
  if (factor === "unrecorded") throw wrongFactor();
  return { ...attempt, factor };
}

/** What an attempt is told whose factor isn't right, or can't be. */
export function factorSentence({ account }: LoginAttempt): string {
  return account?.user.factorSince === null ? useless : wrongCode;
}

/** The same as a refusal. */
export function refusedFactor(attempt: LoginAttempt): Refusal {
  return attempt.account?.user.factorSince === null ? uselessCode() : wrongFactor();
}

export function wrongFactor(): Refusal {
  const { fields } = invalidField("code", wrongCode);
  return new Refusal("unauthenticated", wrongCode, fields && { fields });
}

/** The refusal of a code where there is no factor that it could be of. */
export function uselessCode(): Refusal {
  return invalidField("code", useless);
}
