import { perform } from "../../audit/perform.ts";
import type { RequestFacts } from "../../http/authentication/caller.ts";
import type { ApiParts } from "../../http/operations/api-parts.ts";
import { Refusal } from "../../refusal.ts";
import { endProviderSessions } from "../back-channel-actions.ts";
import { getUsable } from "./begin-sign-in.ts";
import type { SignInParts } from "./complete-sign-in.ts";
import { SignInFailure } from "./failure.ts";
import { readLogoutToken } from "./logout-token.ts";

/** What a provider is answered (OpenID Connect Back-Channel Logout 1.0, section 2.8). */
interface BackChannelAnswer {
  readonly status: number;
  readonly body: object;
}

/** Ends the sessions that a provider has logged out. Who sends it is shown by the token's signature alone. */
export async function endByProvider(
  parts: ApiParts & SignInParts,
  { ip, userAgent, traceId, forwarded, now }: RequestFacts,
  name: string,
  token: string,
): Promise<BackChannelAnswer> {
  const { db, log, complaints } = parts;
  try {
    const provider = await getUsable(db, name);
    const logout = await readLogoutToken(parts, provider, token, now);
    const origin = { ip, userAgent, endpoint: "API", traceId, forwarded } as const;
    await perform(db, { user: null, origin }, endProviderSessions, logout);
    return { status: 200, body: {} };
  } catch (error) {
    // It ended by itself, or was never here: what the provider wants is so.
    if (error instanceof Refusal && error.code === "not_found") return { status: 200, body: {} };
    if (!(error instanceof SignInFailure)) throw error;
    const { reason, message: cause } = error;
    if (complaints.take(ip ?? "", now / 1_000) === 0) log.warn({ reason, cause }, "a provider's log-out was refused");
    return { status: 400, body: { error: "invalid_request", error_description: error.message } };
  }
}
