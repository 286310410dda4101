import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Caller } from "../../http/authentication/caller.ts";
import { Parameters, parseQuery } from "../../http/maas/parameters/parameters.ts";
import type { ApiParts } from "../../http/operations/api-parts.ts";
import { carryOut } from "../../http/operations/carry-out.ts";
import { findRefusal } from "../../http/operations/find-refusal.ts";
import { refusalStatus } from "../../http/operations/refusal-status.ts";
import { cookieBelow, pathBelow } from "../../http/request/base-path.ts";
import { takeBodies } from "../../http/request/request-body.ts";
import { baseUrl, isSecure, requestFacts, splitUrl } from "../../http/request/request-facts.ts";
import { Refusal } from "../../refusal.ts";
import { endByProvider } from "./back-channel.ts";
import { beginSignIn } from "./begin-sign-in.ts";
import { completeSignIn, type Onward, type SignInParts } from "./complete-sign-in.ts";
import { SignInFailure } from "./failure.ts";
import { endedPendingCookie, safePath } from "./pending-login.ts";

/** A log-out token has some 1 kB. */
const logoutBytesMax = 16 * 1024;

/** Where browsers come by on their way to a provider and back, and where providers send log-outs. */
export function openSignInRoutes(app: FastifyInstance, parts: ApiParts, services: SignInParts): void {
  app.get("/oidc/:provider/login", async (request, reply) =>
    send(request, reply, parts, async ({ credentials }, now) => {
      const query = parseQuery(splitUrl(request.url).query);
      const isAgain = query.last("again") === "1" && credentials.kind === "session";
      const wish = {
        provider: providerOf(request),
        purpose: isAgain ? "again" : "login",
        returnTo: safePath(query.last("redirectTo")),
      } as const;
      const { url, cookie } = await beginSignIn({ ...parts, ...services }, wish, addressOf(request, parts, now));
      return { location: url.href, cookies: [cookie] };
    }),
  );
  app.get("/oidc/:provider/callback", async (request, reply) =>
    send(request, reply, parts, async (caller, now) => {
      const { query: search } = splitUrl(request.url);
      const place = { ...addressOf(request, parts, now), search, provider: providerOf(request) };
      const facts = requestFacts(request, Parameters.none, Parameters.none, parts.site);
      return completeSignIn({ ...parts, ...services }, caller, place, facts.cookies);
    }),
  );
  void app.register(async (scope) => {
    takeBodies(scope, () => logoutBytesMax);
    scope.post("/oidc/:provider/backchannel-logout", async (request, reply) => {
      const body = Buffer.isBuffer(request.body) ? request.body.toString("utf8") : "";
      const token = new URLSearchParams(body).get("logout_token") ?? "";
      const facts = requestFacts(request, Parameters.none, Parameters.none, parts.site);
      const answer = await endByProvider({ ...parts, ...services }, facts, providerOf(request), token);
      reply.code(answer.status).header("cache-control", "no-store").header("content-type", "application/json");
      return reply.send(Buffer.from(JSON.stringify(answer.body), "utf8"));
    });
  });
}

/**
 * Lets the caller in as anybody is let in, and sends the browser on; to the login page with a reason where it failed.
 *
 * A query to `carryOut`, though it may log in: the browser comes from the provider's page, so that it looks like another site's wish.
 * That it is its user's is shown by the cookie and the state.
 */
async function send(
  request: FastifyRequest,
  reply: FastifyReply,
  parts: ApiParts,
  work: (caller: Caller, now: number) => Promise<Onward>,
): Promise<FastifyReply> {
  const facts = requestFacts(request, Parameters.none, Parameters.none, parts.site);
  const { path } = splitUrl(request.url);
  const base = parts.site.basePath;
  let onward: Onward;
  try {
    onward = await carryOut(parts, facts, {
      isPublic: true,
      choose: (caller) => ({
        access: { who: "anyone" },
        kind: "query",
        refused: { operation: `${request.method} ${path}`, path },
        forbidden: "",
        work: () => work(caller, facts.now),
      }),
    });
  } catch (error) {
    const reason = reasonOf(error, request);
    if (reason === undefined) throw error;
    const page = error instanceof SignInFailure ? error.toldAt : "/login";
    onward = { location: `${page}?failed=${reason}`, cookies: [endedPendingCookie(isSecure(parts.site))] };
  }
  reply.code(303).header("cache-control", "no-store").header("referrer-policy", "no-referrer");
  reply.header("location", pathBelow(onward.location, base));
  return reply
    .header(
      "set-cookie",
      onward.cookies.map((cookie) => cookieBelow(cookie, base)),
    )
    .send("");
}

/** A word for the login page; undefined for what is no failed sign-in, which says so in its own way. */
function reasonOf(error: unknown, request: FastifyRequest): string | undefined {
  if (error instanceof SignInFailure) {
    // Without a stack: anybody can have it written.
    request.log.warn({ reason: error.reason, cause: error.message }, "a login through a provider failed");
    return error.reason;
  }
  const refusal = error instanceof Refusal ? error : findRefusal(error, request.log);
  if (refusal === undefined) return undefined;
  if (refusal.code === "too_many_requests") return "busy";
  return refusalStatus[refusal.code] >= 500 ? undefined : "answer";
}

function providerOf(request: FastifyRequest): string {
  return (request.params as { readonly provider: string }).provider;
}

function addressOf(request: FastifyRequest, { site }: ApiParts, now: number) {
  return { baseUrl: baseUrl(request, site), isSecure: isSecure(site), now };
}
