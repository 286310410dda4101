import { genericGrantRequest, ResponseBodyError } from "openid-client";
import type { Database } from "../../database/database.ts";
import { isSafeAddress } from "../../http/safe-address.ts";
import { callbackAddress } from "../provider.ts";
import { findTrustedProvider, noSuchProvider, type TrustedProvider } from "../provider-queries.ts";
import { SignInFailure } from "./failure.ts";
import { shownCause } from "./provider-errors.ts";
import type { ProviderClient, ProviderClients } from "./provider-clients.ts";

export interface ProviderExamination {
  /** What keeps people from signing in. */
  readonly problems: readonly string[];
  /** What the provider can't do. */
  readonly notes: readonly string[];
}

/** Asks a provider anew, and says what is wrong with it. Refuses with `not_found` where there is none of that name. */
export async function examineProvider(
  db: Database,
  clients: ProviderClients | undefined,
  { name, baseUrl }: { readonly name: string; readonly baseUrl: string },
): Promise<ProviderExamination> {
  const provider = await findTrustedProvider(db, name);
  if (provider === undefined) throw noSuchProvider(name);
  if (provider === null) {
    return { problems: ["This provider was changed behind the log: delete it and add it again."], notes: [] };
  }
  let client: ProviderClient | undefined;
  try {
    client = await clients?.fresh(provider);
  } catch (error) {
    if (!(error instanceof SignInFailure)) throw error;
    return { problems: [sentence(error.message)], notes: [] };
  }
  if (client === undefined) return { problems: [], notes: [] };
  const problems = problemsOf(provider, client);
  if (problems.length === 0) {
    const refused = await tryClient(client, callbackAddress(baseUrl, name));
    if (refused !== undefined) problems.push(refused);
  }
  return { problems, notes: notesOf(provider, client) };
}

function problemsOf({ scopes }: TrustedProvider, { configuration }: ProviderClient): string[] {
  const metadata = configuration.serverMetadata();
  const problems: string[] = [];
  for (const [name, address] of [
    ["authorization_endpoint", metadata.authorization_endpoint],
    ["token_endpoint", metadata.token_endpoint],
  ] as const) {
    if (address === undefined || !URL.canParse(address)) problems.push(`The provider names no ${name}.`);
    else if (!isSafeAddress(new URL(address))) problems.push(`The provider's ${name} isn't https: ${address}`);
  }
  const types = metadata.response_types_supported;
  if (types !== undefined && !types.includes("code")) {
    problems.push("The provider doesn't offer the authorization code flow (response type code).");
  }
  const signing = metadata.id_token_signing_alg_values_supported;
  if (signing !== undefined && !signing.some((alg) => !/^(?:HS|none)/.test(alg))) {
    problems.push("The provider signs with no key pair: choose RS256 or another such algorithm there.");
  }
  const offered = metadata.scopes_supported;
  const missing = offered === undefined ? [] : scopes.split(" ").filter((scope) => !offered.includes(scope));
  if (missing.length > 0) problems.push(`The provider doesn't offer these scopes: ${missing.join(", ")}.`);
  return problems;
}

function notesOf({ hasSecret }: TrustedProvider, { configuration }: ProviderClient): readonly string[] {
  const metadata = configuration.serverMetadata();
  const notes: string[] = [];
  if (!configuration.serverMetadata().supportsPKCE()) {
    notes.push("The provider doesn't say that it checks PKCE. It is sent all the same.");
  }
  if (metadata.end_session_endpoint === undefined) {
    notes.push("The provider has no address for log-outs: whoever logs out here stays logged in there.");
  }
  if (metadata.backchannel_logout_supported !== true) {
    notes.push(
      "The provider doesn't say that it sends log-outs: sessions end after ironlog_oidc_session_seconds at the latest.",
    );
  }
  if (!hasSecret) notes.push("The client has no secret: the provider must take it as a public client.");
  return notes;
}

/** Offers a code that is none: a provider that knows the client complains of the code, and not of the client. */
async function tryClient({ configuration }: ProviderClient, redirectUri: string): Promise<string | undefined> {
  const parameters = { code: "ironlog-test", redirect_uri: redirectUri, code_verifier: "x".repeat(43) };
  try {
    await genericGrantRequest(configuration, "authorization_code", parameters);
    return "The provider takes a code that it has never given.";
  } catch (error) {
    const isRefused = error instanceof ResponseBodyError && /^(?:invalid|unauthorized)_client$/.test(error.error);
    if (isRefused || /WWWAuthenticate/.test(error instanceof Error ? error.name : "")) {
      return "The provider doesn't take the client ID and secret: check both.";
    }
    if (error instanceof ResponseBodyError) return undefined;
    return sentence(`The token endpoint can't be used: ${shownCause(error)}`);
  }
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${text.endsWith(".") ? "" : "."}`;
}
