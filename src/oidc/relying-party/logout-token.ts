import { hash } from "node:crypto";
import { errors, jwtVerify } from "jose";
import { spendOnce } from "../../accounts/second-factor/sealed-state.ts";
import type { Database } from "../../database/database.ts";
import type { ProviderLogout } from "../back-channel-actions.ts";
import type { TrustedProvider } from "../provider-queries.ts";
import { SignInFailure } from "./failure.ts";
import { isAway, shownCause } from "./provider-errors.ts";
import type { ProviderClients } from "./provider-clients.ts";

const logoutEvent = "http://schemas.openid.net/event/backchannel-logout";
/** Its making and its coming are seconds apart; what was overheard isn't good for long. */
const ageSecondsMax = 300;
const clockToleranceSeconds = 30;

/** Whom a log-out token means, once it is checked (OpenID Connect Back-Channel Logout 1.0, section 2.6). Throws a `SignInFailure`. */
export async function readLogoutToken(
  { db, clients }: { readonly db: Database; readonly clients: ProviderClients },
  provider: TrustedProvider,
  token: string,
  now: number,
): Promise<ProviderLogout> {
  const { configuration, keys } = await clients.get(provider);
  const { issuer, id_token_signing_alg_values_supported: offered = ["RS256"] } = configuration.serverMetadata();
  let payload;
  try {
    ({ payload } = await jwtVerify(token, keys, {
      issuer,
      audience: provider.clientId,
      algorithms: offered.filter((alg) => !/^(?:HS|none)/.test(alg)),
      maxTokenAge: ageSecondsMax,
      clockTolerance: clockToleranceSeconds,
      requiredClaims: ["iat", "jti", "events"],
    }));
  } catch (error) {
    if (isAway(error)) throw new SignInFailure("away", shownCause(error), { cause: error });
    if (error instanceof errors.JOSEError || error instanceof TypeError) {
      throw new SignInFailure("answer", shownCause(error), { cause: error });
    }
    throw error;
  }
  const { sub: subject, sid, jti, events, nonce } = payload;
  // An ID token would have one: it must not pass for a log-out.
  if (nonce !== undefined) throw new SignInFailure("answer", "a log-out token has no nonce");
  if (typeof events !== "object" || events === null || !Object.hasOwn(events, logoutEvent)) {
    throw new SignInFailure("answer", "the token isn't about a log-out");
  }
  const providerSession = typeof sid === "string" ? sid : undefined;
  if (subject === undefined && providerSession === undefined) {
    throw new SignInFailure("answer", "the token names neither a subject nor a session");
  }
  const id = hash("sha256", `oidc logout ${provider.uuid} ${String(jti)}`, "base64url");
  const expires = now + (ageSecondsMax + 2 * clockToleranceSeconds) * 1_000_000;
  if (!(await spendOnce(db, { id, expires }, now))) throw new SignInFailure("answer", "the token was used already");
  return { provider, subject, providerSession };
}
