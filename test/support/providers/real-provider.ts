import { generateKeyPairSync, randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { type Configuration, Provider } from "oidc-provider";
import { portOf } from "../ports.ts";

/** Somebody whom a provider knows. */
export interface Claimant {
  readonly sub: string;
  readonly [claim: string]: unknown;
}

/** A provider from elsewhere, in this process: whoever comes by is `person`, without a form. */
export interface RealProvider extends AsyncDisposable {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Who is in front of the browser; null for somebody who says no. */
  person: Claimant | null;
  /** Whether the person has shown anew who they are each time that they were asked to. */
  readonly logins: number;
}

/** Starts one that knows the Ironlog at `url` under the name `name`. */
export async function startProvider(url: string, name: string): Promise<RealProvider> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const issuer = `http://127.0.0.1:${portOf(server.address())}`;
  const [clientId, clientSecret] = ["ironlog", `secret-${randomBytes(16).toString("hex")}`];
  const state: { person: Claimant | null; logins: number } = { person: null, logins: 0 };
  const known = new Map<string, Claimant>();
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: clientId,
        client_secret: clientSecret,
        redirect_uris: [`${url}/oidc/${name}/callback`],
        post_logout_redirect_uris: [`${url}/login`],
        backchannel_logout_uri: `${url}/oidc/${name}/backchannel-logout`,
        backchannel_logout_session_required: true,
        id_token_signed_response_alg: "ES256",
        response_types: ["code"],
        grant_types: ["authorization_code"],
      },
    ],
    ...configuration(known),
  });
  server.on("request", (request, response) => {
    const [, uid] = /^\/interaction\/([^/?]+)/.exec(request.url ?? "") ?? [];
    if (uid === undefined) return void provider.callback()(request, response);
    const { person } = state;
    state.logins += 1;
    if (person !== null) known.set(person.sub, person);
    const result =
      person === null
        ? { error: "access_denied", error_description: "the person said no" }
        : { login: { accountId: person.sub } };
    void provider.interactionFinished(request, response, result);
  });
  return {
    issuer,
    clientId,
    clientSecret,
    get person() {
      return state.person;
    },
    set person(person) {
      state.person = person;
      if (person !== null) known.set(person.sub, person);
    },
    get logins() {
      return state.logins;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

function configuration(known: ReadonlyMap<string, Claimant>): Configuration {
  const jwk = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({ format: "jwk" });
  return {
    jwks: { keys: [{ ...jwk, kid: "signing", alg: "ES256", use: "sig" }] },
    ttl: { Interaction: 600, Grant: 3_600, Session: 3_600, AccessToken: 600, IdToken: 600 },
    cookies: { keys: [randomBytes(16).toString("hex")] },
    claims: {
      openid: ["sub", "sid", "auth_time"],
      profile: ["preferred_username", "name"],
      email: ["email", "email_verified"],
      groups: ["groups"],
    },
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    features: {
      devInteractions: { enabled: false },
      backchannelLogout: { enabled: true },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: (context, form) => {
          const button = `<button type="submit" form="op.logoutForm" name="logout" value="yes">Yes</button>`;
          context.body = `<!doctype html><html lang="en"><title>Log out</title><main>${form}${button}</main>`;
        },
      },
    },
    // Its own way to ask refuses addresses on loopback, where the Ironlog of a test is.
    fetch: async (url, options = {}) => {
      const { dispatcher: _, ...own } = options;
      return fetch(url, own);
    },
    interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
    async findAccount(_context, sub) {
      const person = known.get(sub);
      return person === undefined ? undefined : { accountId: sub, claims: async () => person };
    },
    // Nobody is asked whether Ironlog may know them.
    async loadExistingGrant(context) {
      const { client, session, provider } = context.oidc;
      const grant = new provider.Grant({ clientId: client?.clientId ?? "", accountId: session?.accountId ?? "" });
      grant.addOIDCScope("openid profile email groups");
      await grant.save();
      return grant;
    },
  };
}
