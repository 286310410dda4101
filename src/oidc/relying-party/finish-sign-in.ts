import { authorizationCodeGrant, AuthorizationResponseError, type IDToken } from "openid-client";
import type { TrustedProvider } from "../provider-queries.ts";
import type { Claims } from "./claims.ts";
import { isSubject } from "../identity-actions.ts";
import { callbackAddress } from "../provider.ts";
import { SignInFailure } from "./failure.ts";
import { checksOf, type PendingLogin } from "./pending-login.ts";
import { isAway, shownCause } from "./provider-errors.ts";
import type { ProviderClients } from "./provider-clients.ts";

/** Long enough for a form between the login and the way back. */
const authenticatedSecondsMax = 300;

/** What a provider says of somebody, checked. */
export interface Vouched {
  readonly subject: string;
  /** How the provider calls its own session; null where it doesn't say. */
  readonly providerSession: string | null;
  /** When they last showed who they are, in microseconds; null where the provider doesn't say. */
  readonly authenticated: number | null;
  readonly claims: Claims;
  /** The ID token as it came. */
  readonly idToken: string;
}

/**
 * Takes the code that the browser has brought to the provider, and checks what it answers: state, issuer, PKCE, and the ID token's
 * signature, issuer, audience, nonce and times. Throws a `SignInFailure`.
 */
export async function finishSignIn(
  clients: ProviderClients,
  provider: TrustedProvider,
  pending: PendingLogin,
  { baseUrl, search }: { readonly baseUrl: string; readonly search: string },
): Promise<Vouched> {
  const { configuration } = await clients.get(provider);
  const { state, nonce, codeVerifier } = checksOf(pending);
  const address = new URL(`${callbackAddress(baseUrl, provider.name)}?${search}`);
  let token: IDToken | undefined;
  let idToken: string | undefined;
  try {
    const answer = await authorizationCodeGrant(configuration, address, {
      expectedState: state,
      expectedNonce: nonce,
      pkceCodeVerifier: codeVerifier,
      idTokenExpected: true,
    });
    token = answer.claims();
    idToken = answer.id_token;
  } catch (error) {
    throw failureOf(error);
  }
  if (token === undefined || idToken === undefined) throw new SignInFailure("answer", "the provider gave no ID token");
  const { sub: subject, sid, auth_time: authenticatedSeconds } = token;
  if (!isSubject(subject)) {
    throw new SignInFailure("answer", "the subject has no or more than 255 characters");
  }
  const isStale =
    authenticatedSeconds !== undefined && authenticatedSeconds < Date.now() / 1_000 - authenticatedSecondsMax;
  if (pending.purpose === "again" && isStale) {
    throw new SignInFailure("stale", "the provider didn't ask anew: the last login there is too long ago");
  }
  return {
    subject,
    providerSession: typeof sid === "string" && sid !== "" && sid.length <= 255 ? sid : null,
    authenticated: authenticatedSeconds === undefined ? null : authenticatedSeconds * 1_000_000,
    claims: token,
    idToken,
  };
}

function failureOf(error: unknown): SignInFailure {
  if (error instanceof AuthorizationResponseError) {
    // One of the words of RFC 6749; what the provider says beyond it anybody could have put into the address.
    const word = /^[a-z_]{1,50}$/.test(error.error) ? error.error : "an unknown error";
    return new SignInFailure("refused", `the provider answered ${word}`, { cause: error });
  }
  return new SignInFailure(isAway(error) ? "away" : "answer", shownCause(error), { cause: error });
}
