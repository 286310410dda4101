import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from "jose";
import { portOf } from "../ports.ts";

/** What a forged token has that a good one hasn't. */
export interface Forgery {
  readonly claims?: JWTPayload;
  /** Claims that are missing. */
  readonly without?: readonly string[];
  /** Signed by somebody else. */
  readonly byStranger?: true;
  readonly header?: Readonly<Record<string, string>>;
}

/** A provider written by hand, which says whatever it is told to. */
export interface ForgingProvider extends AsyncDisposable {
  readonly issuer: string;
  /** Changes of what it says of itself. */
  metadata: Readonly<Record<string, unknown>>;
  /** What its token endpoint answers. */
  answer: (response: ServerResponse) => unknown;
  /** The nonce of the login that a browser has brought last. */
  readonly nonce: string;
  /** A token that it signs, good but for the forgery. */
  sign(claims: JWTPayload, forgery?: Forgery): Promise<string>;
}

export async function forgingProvider(): Promise<ForgingProvider> {
  const [own, stranger] = [await generateKeyPair("ES256"), await generateKeyPair("ES256")];
  const keys = { keys: [{ ...(await exportJWK(own.publicKey)), kid: "one", alg: "ES256", use: "sig" }] };
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const issuer = `http://127.0.0.1:${portOf(server.address())}`;
  let nonce = "";
  const provider: ForgingProvider = {
    issuer,
    get nonce() {
      return nonce;
    },
    metadata: {},
    answer: (response) => sendJson(response, { error: "invalid_grant" }, 400),
    async sign(claims, { claims: forged = {}, without = [], byStranger, header = {} } = {}) {
      const seconds = Math.floor(Date.now() / 1_000);
      const all = { iss: issuer, aud: "ironlog", iat: seconds, exp: seconds + 120, ...claims, ...forged };
      const kept = Object.fromEntries(Object.entries(all).filter(([name]) => !without.includes(name)));
      const { privateKey } = byStranger === true ? stranger : own;
      return new SignJWT(kept).setProtectedHeader({ alg: "ES256", kid: "one", ...header }).sign(privateKey);
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
  server.on("request", (request, response) => {
    request.resume();
    if (request.url === "/.well-known/openid-configuration") {
      return sendJson(response, { ...metadataOf(issuer), ...provider.metadata });
    }
    const asked = new URL(request.url ?? "/", issuer);
    if (asked.pathname === "/authorize") {
      nonce = asked.searchParams.get("nonce") ?? "";
      const back = new URL(asked.searchParams.get("redirect_uri") ?? issuer);
      back.search = new URLSearchParams({ code: "one", state: asked.searchParams.get("state") ?? "" }).toString();
      return response.writeHead(302, { location: back.href }).end();
    }
    if (request.url === "/jwks") return sendJson(response, keys);
    provider.answer(response);
  });
  return provider;
}

export function sendJson(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

function metadataOf(issuer: string) {
  return {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/jwks`,
    response_types_supported: ["code"],
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: ["ES256"],
    code_challenge_methods_supported: ["S256"],
    backchannel_logout_supported: true,
  };
}
