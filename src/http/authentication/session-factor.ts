import { Refusal } from "../../refusal.ts";
import type { Caller } from "./caller.ts";
import type { Credentials } from "./credentials.ts";

/** A sensitive act takes a second factor that was given within so long. */
const freshMicros = 15 * 60 * 1_000_000;

/** Whether it is a session that may only give a second factor, set one up or log out. API keys need none. */
export function lacksFactor(credentials: Credentials): boolean {
  if (credentials.kind !== "session") return false;
  const { at, isSetUp, isOverdue } = credentials.factor;
  return at === null && (isSetUp || isOverdue);
}

/** What such a session is told. */
export function factorRefusal({ credentials }: Pick<Caller, "credentials">): Refusal {
  if (credentials.kind === "session" && credentials.factor.isSetUp) return factorNeeded();
  return new Refusal("enrolment_needed", "Set up a second factor first: this server asks you for one.");
}

/** Whether a session's second factor was given lately. True where there is none to give, and for API keys. */
export function hasFreshFactor(credentials: Credentials, now: number): boolean {
  if (credentials.kind !== "session") return true;
  const { at, isSetUp } = credentials.factor;
  return at === null ? !isSetUp : now - at < freshMicros;
}

/** Refuses with `factor_needed` a session whose second factor was given too long ago. To be called before a sensitive act. */
export function refuseStaleFactor({ credentials }: Pick<Caller, "credentials">, now: number): void {
  if (!hasFreshFactor(credentials, now)) throw factorNeeded();
}

function factorNeeded(): Refusal {
  return new Refusal("factor_needed", "Give your second factor again: the last time was more than 15 minutes ago.");
}
