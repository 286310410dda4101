import { createRemoteJWKSet, customFetch as joseFetch, type JWTVerifyGetKey } from "jose";
import {
  allowInsecureRequests,
  type ClientAuth,
  ClientSecretBasic,
  ClientSecretPost,
  type Configuration,
  customFetch,
  discovery,
  enableNonRepudiationChecks,
  None,
} from "openid-client";
import type { Secrets } from "../../secrets/secrets.ts";
import { isSafeAddress } from "../../http/safe-address.ts";
import type { TrustedProvider } from "../provider-queries.ts";
import { boundedFetch } from "./bounded-fetch.ts";
import { SignInFailure } from "./failure.ts";
import { isAway, shownCause } from "./provider-errors.ts";

/** A provider that needs longer is down: people wait for it. */
const timeoutSeconds = 10;
/** What a provider says of itself changes seldom; its keys are read again whenever one is unknown. */
const rememberMs = 600_000;
/** Anybody may begin a login: a provider that is away isn't asked again for each. */
const failureMs = 3_000;

/** What it takes to speak with a provider. */
export interface ProviderClient {
  readonly configuration: Configuration;
  /** The keys that it signs with. */
  readonly keys: JWTVerifyGetKey;
}

interface Remembered {
  readonly client: Promise<ProviderClient>;
  until: number;
}

/** The providers of one server, each with what it says of itself. */
export class ProviderClients {
  readonly #secrets: Secrets;
  readonly #remembered = new Map<string, Remembered>();

  constructor(secrets: Secrets) {
    this.#secrets = secrets;
  }

  /** Throws a `SignInFailure` where the provider is away or says something that can't be used. */
  get(provider: TrustedProvider): Promise<ProviderClient> {
    const key = `${provider.uuid} ${provider.updated}`;
    const now = Date.now();
    for (const [name, { until }] of this.#remembered) if (until < now) this.#remembered.delete(name);
    const known = this.#remembered.get(key);
    if (known !== undefined) return known.client;
    const remembered: Remembered = { client: this.fresh(provider), until: now + rememberMs };
    remembered.client.catch(() => (remembered.until = Date.now() + failureMs));
    this.#remembered.set(key, remembered);
    return remembered.client;
  }

  /** The same, asked anew. */
  async fresh(provider: TrustedProvider): Promise<ProviderClient> {
    const secret = this.#openSecret(provider);
    const { issuer, clientId } = provider;
    const isPlain = new URL(issuer).protocol === "http:";
    let configuration: Configuration;
    try {
      configuration = await discovery(new URL(issuer), clientId, undefined, clientAuth(secret), {
        [customFetch]: boundedFetch,
        timeout: timeoutSeconds,
        execute: [enableNonRepudiationChecks, ...(isPlain ? [allowInsecureRequests] : [])],
      });
    } catch (error) {
      const reason = isAway(error) ? "away" : "answer";
      throw new SignInFailure(reason, `${issuer} can't be used: ${shownCause(error)}`, { cause: error });
    }
    const metadata = configuration.serverMetadata();
    // To the letter, or a provider of many tenants would vouch for all of them.
    if (metadata.issuer !== issuer && `${metadata.issuer}/` !== issuer && metadata.issuer !== `${issuer}/`) {
      throw new SignInFailure("answer", `its metadata name another issuer: ${shownCause(metadata.issuer)}`);
    }
    const keysAddress = metadata.jwks_uri;
    if (keysAddress === undefined || !URL.canParse(keysAddress) || !isSafeAddress(new URL(keysAddress))) {
      throw new SignInFailure("answer", "its metadata name no safe address for its keys (jwks_uri)");
    }
    const keys = createRemoteJWKSet(new URL(keysAddress), {
      [joseFetch]: boundedFetch,
      timeoutDuration: timeoutSeconds * 1_000,
    });
    return { configuration, keys };
  }

  #openSecret({ uuid, sealedSecret }: TrustedProvider): string | undefined {
    if (sealedSecret === null) return undefined;
    const clear = this.#secrets.open(secretPlace(uuid), sealedSecret);
    if (clear !== undefined) return clear;
    throw new SignInFailure("secret", "no key in secrets.key opens the client's secret: enter it again");
  }
}

/** Where a client's secret stands. */
export function secretPlace(uuid: string) {
  return { table: "oidc_provider", row: uuid, column: "client_secret" };
}

/** In the body where the provider takes it so: some can't read what the header's form makes of special characters. */
function clientAuth(secret: string | undefined): ClientAuth {
  if (secret === undefined) return None();
  const [post, basic] = [ClientSecretPost(secret), ClientSecretBasic(secret)];
  return (server, ...rest) => {
    const methods = server.token_endpoint_auth_methods_supported ?? ["client_secret_basic"];
    (methods.includes("client_secret_post") ? post : basic)(server, ...rest);
  };
}
