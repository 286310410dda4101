import assert from "node:assert/strict";
import type { Database } from "../../database/database.ts";
import { Refusal } from "../../refusal.ts";
import type { LoginAttempt } from "../sessions/session-actions.ts";
import type { AccountServices } from "../services.ts";
import type { Account } from "../users/user-queries.ts";
import { listFactors } from "./factor-queries.ts";
import { codeNeeded } from "./login-factor.ts";
import { begunFor } from "./native-begin-operations.ts";
import { requestOptions } from "./passkeys/passkey.ts";
import { findRelyingParty } from "./passkeys/relying-party.ts";
import { type BegunKind, sealState } from "./sealed-state.ts";

interface Place {
  readonly db: Database;
  readonly now: number;
  readonly baseUrl: string;
}

/** The refusal of a login whose password was right, with what it takes to go on: contract of POST /session. */
export async function askForFactor(
  services: AccountServices,
  { account }: LoginAttempt,
  place: Place,
): Promise<Refusal> {
  assert(account !== undefined, "only an account is asked");
  const { state, ...factors } = await offerFactors(services, account, "login", place);
  return new Refusal("factor_needed", codeNeeded, { members: { pending_login: state, ...factors } });
}

/** Which factors a user can give here and now, and what a passkey has to sign. */
export async function offerFactors(
  { secrets }: AccountServices,
  account: Account,
  kind: BegunKind,
  { db, now, baseUrl }: Place,
) {
  const { user } = account;
  const begun = begunFor(account);
  const party = findRelyingParty(baseUrl);
  const options = await requestOptions(db, user.id, { party, challenge: begun.challenge });
  const hasApp = (await listFactors(db, user.id)).some((factor) => factor.kind === "totp");
  const factors = [...(hasApp ? ["totp"] : []), ...(options === undefined ? [] : ["passkey"]), "recovery_code"];
  return { state: sealState(secrets(), kind, begun, now), factors, passkey_options: options ?? null };
}
