import { buildAuthorizationUrl, calculatePKCECodeChallenge } from "openid-client";
import type { Database } from "../../database/database.ts";
import { callbackAddress } from "../provider.ts";
import { findTrustedProvider, type TrustedProvider } from "../provider-queries.ts";
import { SignInFailure } from "./failure.ts";
import { beginPending, checksOf, pendingCookie, type Purpose } from "./pending-login.ts";
import { shownCause } from "./provider-errors.ts";
import type { ProviderClients } from "./provider-clients.ts";

/** What somebody is sent to a provider for. */
export interface Wish {
  readonly provider: string;
  readonly purpose: Purpose;
  /** A path of the pages, to come back to. */
  readonly returnTo: string;
  /** What the cookie of the session holds that wants to be linked. */
  readonly sessionId?: string;
}

/** Where to send the browser, and what it must keep. Throws a `SignInFailure` where the provider can't be used. */
export async function beginSignIn(
  { db, clients }: { readonly db: Database; readonly clients: ProviderClients | undefined },
  wish: Wish,
  { baseUrl, isSecure, now }: { readonly baseUrl: string; readonly isSecure: boolean; readonly now: number },
): Promise<{ readonly url: URL; readonly cookie: string }> {
  const provider = await getUsable(db, wish.provider);
  if (clients === undefined) throw new SignInFailure("away", "no server runs");
  const { configuration } = await clients.get(provider);
  const pending = beginPending(wish, now / 1e6);
  const { state, nonce, codeVerifier } = checksOf(pending);
  let url: URL;
  try {
    url = buildAuthorizationUrl(configuration, {
      redirect_uri: callbackAddress(baseUrl, provider.name),
      scope: provider.scopes,
      state,
      nonce,
      code_challenge: await calculatePKCECodeChallenge(codeVerifier),
      code_challenge_method: "S256",
      // Whoever is logged in there must show anew who they are. The same as `prompt=login`, which some refuse.
      ...(wish.purpose === "again" && { max_age: "0" }),
    });
  } catch (error) {
    throw new SignInFailure("answer", shownCause(error), { cause: error });
  }
  return { url, cookie: pendingCookie(pending, isSecure) };
}

/** The provider of that name, if it is enabled and as the log has it. */
export async function getUsable(db: Database, name: string): Promise<TrustedProvider> {
  const provider = await findTrustedProvider(db, name);
  if (provider === null) throw new SignInFailure("changed", "the provider is not what was recorded");
  if (provider?.isEnabled !== true) throw new SignInFailure("closed", "there is no such provider, or it is disabled");
  return provider;
}
