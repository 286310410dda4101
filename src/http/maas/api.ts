import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { answerAt, answerBelow, pathBelow } from "../request/base-path.ts";
import { isLoggedIn } from "../authentication/acting-user.ts";
import { answering, carryOut } from "../operations/carry-out.ts";
import { findRefusal } from "../operations/find-refusal.ts";
import type { ApiParts } from "../operations/api-parts.ts";
import { baseUrl, isSecure, requestFacts, shownPath, splitSource, splitUrl } from "../request/request-facts.ts";
import { Refusal, requiredFields } from "../../refusal.ts";
import { sendNoContent } from "../operations/no-content.ts";
import { isPage } from "../pages.ts";
import { bodyLimitBytes, takeBodies } from "../request/request-body.ts";
import { allowedMethods, type Route, Router } from "../operations/router.ts";
import { acknowledgement, html, type MaasAnswer, plainText } from "./answer.ts";
import { ignoredIn, withWarnings } from "./parameters/ignored-parameters.ts";
import { misplacedIn } from "./parameters/misplaced-parameters.ts";
import { commandWords, type MaasOperation, type MaasRequest } from "./operation.ts";
import { Parameters, parseBody, parseQuery } from "./parameters/parameters.ts";
import { maasRefusal } from "./refusals.ts";

/** Serves MAAS's API 2.0 and its login views, everything under `/MAAS/`. `apiHash` is the description's. */
export function openMaasApi(
  app: FastifyInstance,
  parts: ApiParts,
  operations: readonly MaasOperation[],
  apiHash: string,
): void {
  const router = new Router(operations);
  void app.register(async (api) => {
    // Whatever its type: parameters.ts knows which ones MAAS takes, and says so of the others. Nor is the `op` known yet.
    takeBodies(api, ({ url, method, headers }) => {
      const { path, query } = splitUrl(url);
      const route = router.find(splitSource(path).path.slice("/MAAS/".length));
      const operations = (route?.operations ?? []).filter((operation) => operation.method === method);
      // The body is read before its sender is known, since it may hold credentials: strangers get no megabytes read.
      const isStranger =
        headers.authorization === undefined && headers.cookie === undefined && !query.includes("oauth_");
      return bodyLimitBytes(isStranger ? operations.map(({ who }) => ({ who })) : operations);
    });
    api.all("/MAAS/*", async (request, reply) => {
      const { path: asked, query } = splitUrl(request.url);
      const { path, source } = splitSource(asked);
      const answer = await answerRequest(request, parts, router, { path, query }, apiHash);
      send(reply, answerBelow(answerAt(answer, source), parts.site.basePath));
      return reply;
    });
    for (const address of ["/MAAS", "/MAAS/r", "/MAAS/r/*", "/MAAS/l", "/MAAS/l/*"]) {
      api.get(address, { exposeHeadRoute: true }, async (request, reply) => {
        send(reply, answerBelow(toPages(request.url), parts.site.basePath));
        return reply;
      });
    }
  });
}

/** What was asked for, without what names a mirrored source. */
interface AskedUrl {
  readonly path: string;
  readonly query: string;
}

async function answerRequest(
  request: FastifyRequest,
  parts: ApiParts,
  router: Router<MaasOperation>,
  url: AskedUrl,
  apiHash: string,
): Promise<MaasAnswer> {
  const { path } = url;
  const below = path.slice("/MAAS/".length);
  const route = router.find(below);
  if (route === undefined) return unknownPath(path, below);
  try {
    return await answerRoute(request, parts, route, url, apiHash);
  } catch (error) {
    const refusal = findRefusal(error, request.log);
    // An object that isn't there has MAAS's answer, which clients know; anything else is said as it is.
    if (refusal?.code === "not_found") return withHash(notThere, apiHash);
    if (refusal !== undefined) return maasRefusal(refusal);
    request.log.error({ err: error }, "a request failed");
    return plainText(`Internal error. The server's log has more under the trace id ${request.id}.`, 500);
  }
}

async function answerRoute(
  request: FastifyRequest,
  parts: ApiParts,
  route: Route<MaasOperation>,
  url: AskedUrl,
  apiHash: string,
): Promise<MaasAnswer> {
  const query = parseQuery(url.query);
  const hasForm = request.method === "POST" || request.method === "PUT";
  const form = hasForm ? parseBody(request.headers["content-type"], bodyOf(request)) : Parameters.none;
  const facts = requestFacts(request, query, form, parts.site);
  const isPublic = route.operations.every(({ who }) => who === "anyone");
  return carryOut(parts, facts, {
    isPublic,
    choose(caller) {
      const op = query.last("op") ?? form.last("op") ?? "";
      const chosen =
        !isLoggedIn(caller.actor) && !isPublic
          ? notLoggedIn(route, pathBelow(url.path, parts.site.basePath), apiHash)
          : chooseOperation(request.method, route, op, apiHash);
      if (!("does" in chosen)) return answering({ operation: request.method, path: url.path }, chosen);
      return {
        access: chosen,
        kind: chosen.does.kind,
        refused: { operation: commandWords(chosen), path: url.path },
        forbidden:
          chosen.resource?.isForAdministrators === true
            ? "User is not allowed access to this API."
            : "This method is reserved for admin users.",
        async work() {
          const format = query.last("format") ?? "json";
          if (format !== "json") return plainText(`Invalid output format specified '${format}'.`, 400);
          const maasRequest: MaasRequest = {
            path: route.path,
            parameters: hasForm ? form : query,
            query,
            baseUrl: baseUrl(request, parts.site),
            isSecure: isSecure(parts.site),
          };
          const call = { db: parts.db, acts: parts.acts, ...caller, request: maasRequest, now: facts.now };
          return answerWarning(chosen, maasRequest, async () => {
            const answer = await chosen.does.carryOut(call);
            return chosen.resource === null ? answer : withHash(answer, apiHash);
          });
        },
      };
    },
    wrongCredentials(refusal) {
      if (refusal.code !== "unauthenticated") return maasRefusal(refusal);
      return { ...html(refusal.message, 401), headers: { "www-authenticate": 'OAuth realm="OAuth"' } };
    },
  });
}

/** MAAS sends people to its login, and says no to programs. */
function notLoggedIn({ operations }: Route<MaasOperation>, path: string, apiHash: string): MaasAnswer {
  const isView = operations.every(({ resource }) => resource === null);
  return isView ? toLogin(path) : withHash(acknowledgement("Forbidden", 401), apiHash);
}

/** The operation of that method and `op`, or MAAS's answer where there is none. */
function chooseOperation(
  method: string,
  route: Route<MaasOperation>,
  op: string,
  apiHash: string,
): MaasOperation | MaasAnswer {
  // MAAS refuses HEAD in its API alone.
  const asked = method === "HEAD" ? "GET" : method;
  const sameMethod = route.operations.filter(
    (operation) => operation.method === (operation.resource === null ? asked : method),
  );
  if (sameMethod.length === 0) {
    return withHash({ ...html("", 405), headers: { allow: allowedMethods(route).join(", ") } }, apiHash);
  }
  return (
    sameMethod.find((candidate) => (candidate.op ?? "") === op) ??
    plainText(`Unrecognised signature: method=${method} op=${op === "" ? "None" : op}`, 400)
  );
}

/** The work's answer, with a `Warning` for each parameter that has no effect. */
async function answerWarning(
  operation: MaasOperation,
  { parameters, query }: MaasRequest,
  work: () => Promise<MaasAnswer>,
): Promise<MaasAnswer> {
  const misplaced = operation.resource === null ? [] : misplacedIn(operation.method, query);
  try {
    refuseMissing(operation, parameters);
    const answer = await work();
    const ignored = answer.status < 400 ? ignoredIn(operation, parameters) : [];
    return withWarnings(answer, [...ignored, ...misplaced]);
  } catch (error) {
    // What is missing may be in the address.
    if (misplaced.length === 0 || !(error instanceof Refusal) || error.code !== "invalid") throw error;
    return withWarnings(maasRefusal(error), misplaced);
  }
}

/** MAAS's two ways to ask for what is required: by the form's fields, or by the name of the first one. */
function refuseMissing({ parameters: declared, isForm }: MaasOperation, given: Parameters): void {
  const required = Object.keys(declared).filter((name) => declared[name]?.required === true);
  if (isForm === true) {
    const missing = required.filter((name) => !given.names.includes(name) || given.last(name) === "");
    if (missing.length > 0) throw requiredFields(missing);
  }
  const missing = required.find((name) => !given.names.includes(name));
  if (missing !== undefined) throw new Refusal("invalid", `No provided ${missing}!`);
}

const notThere = acknowledgement("Not Found", 404);

function withHash(answer: MaasAnswer, apiHash: string): MaasAnswer {
  return { ...answer, headers: { ...answer.headers, "x-maas-api-hash": apiHash } };
}

function bodyOf(request: FastifyRequest): Buffer | undefined {
  return Buffer.isBuffer(request.body) ? request.body : undefined;
}

function unknownPath(path: string, below: string): MaasAnswer {
  if (below === "") return { ...html("", 302), headers: { location: "/" } };
  if (below === "api/version/") return acknowledgement("2.0", 200);
  if (below.startsWith("api/1.0/")) {
    return acknowledgement("The 1.0 API is no longer available. Please use API version 2.0.", 410);
  }
  if (below.startsWith("api/2.0/")) return plainText(`Unknown API endpoint: ${shownPath(path)}.`, 404);
  return plainText(`Not found: ${shownPath(path)}.`, 404);
}

/** Where MAAS's own pages are, `/MAAS/r/machines` today and `/MAAS/l/…` before: ours have the same addresses below. */
function toPages(url: string): MaasAnswer {
  const { path, query } = splitUrl(url);
  const below = path.replace(/^\/MAAS(?:\/[rl](?=\/|$))?/, "").replace(/\/+$/, "");
  const location = isPage(below) ? `${below}${query === "" ? "" : `?${query}`}` : "/";
  return { ...html("", 302), headers: { location } };
}

function toLogin(path: string): MaasAnswer {
  return { ...html("", 302), headers: { location: `/MAAS/?next=${encodeURIComponent(path).replaceAll("%2F", "/")}` } };
}

function send(reply: FastifyReply, answer: MaasAnswer): void {
  reply.code(answer.status);
  reply.header("content-type", answer.contentType);
  reply.header("vary", "Authorization, Cookie");
  reply.header("x-frame-options", "SAMEORIGIN");
  reply.header("cache-control", "no-store");
  for (const [name, value] of Object.entries(answer.headers ?? {})) reply.header(name, value);
  if (answer.cookies !== undefined) reply.header("set-cookie", [...answer.cookies]);
  if (answer.status === 204) return sendNoContent(reply, answer.contentType);
  // A buffer: Fastify adds a charset to a string's type, and the `maas` client compares the whole header.
  reply.send(answer.body);
}
