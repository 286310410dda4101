import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { Refusal } from "../../refusal.ts";
import { cookieBelow } from "../request/base-path.ts";
import type { Caller } from "../authentication/caller.ts";
import { isLoggedIn, viewerOf } from "../authentication/acting-user.ts";
import { carryOut } from "../operations/carry-out.ts";
import { findRefusal } from "../operations/find-refusal.ts";
import type { ApiParts } from "../operations/api-parts.ts";
import { Parameters, parseQuery } from "../maas/parameters/parameters.ts";
import { sendNoContent } from "../operations/no-content.ts";
import { baseUrl, isSecure, oneHeader, requestFacts, shownPath, splitUrl } from "../request/request-facts.ts";
import { bodyLimitBytes, takeBodies } from "../request/request-body.ts";
import { refusalStatus } from "../operations/refusal-status.ts";
import { allowedMethods, type Route, Router } from "../operations/router.ts";
import { checkMany, parseManyBodies, parseOneBody } from "./body.ts";
import { checkQuery } from "./check.ts";
import { type NativeAnswer, type NativeOperation, nativePath, type NativeRequest } from "./operation.ts";
import { bareProblem, type Problem, problem } from "./refusals.ts";
import { openBody, type StreamedBody } from "./streamed-body.ts";

/** Serves the native API, everything under `/api/v1/`, and its description at `/api/v1/openapi.json`. */
export function openNativeApi(
  app: FastifyInstance,
  parts: ApiParts,
  operations: readonly NativeOperation[],
  openApi: unknown,
): void {
  const router = new Router(operations);
  const openApiBytes = Buffer.from(JSON.stringify(openApi), "utf8");
  const stopping = new AbortController();
  app.addHook("preClose", async () => stopping.abort());
  void app.register(async (api) => {
    takeBodies(api, ({ url, method }) => {
      const route = router.find(splitUrl(url).path.slice("/api/v1".length));
      return bodyLimitBytes((route?.operations ?? []).filter((operation) => operation.method === method));
    });
    api.get("/api/v1/openapi.json", { exposeHeadRoute: true }, async (_request, reply) => {
      reply.header("content-type", "application/json; charset=utf-8").send(openApiBytes);
      return reply;
    });
    api.all("/api/v1/*", async (request, reply) => {
      await answerRequest(request, reply, parts, router, stopping.signal);
      return reply;
    });
  });
}

async function answerRequest(
  request: FastifyRequest,
  reply: FastifyReply,
  parts: ApiParts,
  router: Router<NativeOperation>,
  stopping: AbortSignal,
): Promise<void> {
  const { path, query } = splitUrl(request.url);
  const route = router.find(path.slice("/api/v1".length));
  if (route === undefined) {
    const detail = `There is nothing at ${shownPath(path)}. GET /api/v1/openapi.json lists what there is.`;
    return sendProblem(reply, bareProblem(404, "not_found", detail, request.id));
  }
  const operation = findOperation(route, request.method);
  if (operation === undefined) {
    const allowed = [...allowedMethods(route), ...(findOperation(route, "HEAD") === undefined ? [] : ["HEAD"])].join(
      ", ",
    );
    reply.header("allow", allowed);
    return sendProblem(
      reply,
      bareProblem(405, "invalid", `${shownPath(path)} takes ${allowed}, not ${request.method}.`, request.id),
    );
  }
  try {
    const answer = await carryOutOperation(request, parts, route, operation, query);
    send(reply, answer, stopping, parts.site.basePath);
  } catch (error) {
    const refusal = findRefusal(error, request.log);
    if (refusal !== undefined) {
      if (refusal.retryAfterSeconds !== undefined) reply.header("retry-after", refusal.retryAfterSeconds);
      if (refusalStatus[refusal.code] === 401) reply.header("www-authenticate", 'Bearer realm="ironlog"');
      return sendProblem(reply, problem(refusal, request.id));
    }
    request.log.error({ err: error }, "a request failed");
    const detail = `Internal error. The server's log has more under the trace id ${request.id}.`;
    sendProblem(reply, bareProblem(500, "internal", detail, request.id));
  }
}

/** A HEAD is a GET whose body isn't sent; of an answer that lasts, or is recorded, there is none. */
function findOperation({ operations }: Route<NativeOperation>, method: string): NativeOperation | undefined {
  const isHead = method === "HEAD";
  const operation = operations.find((candidate) => candidate.method === (isHead ? "GET" : method));
  return isHead && operation?.answer.isGetOnly === true ? undefined : operation;
}

function notLoggedIn({ credentials }: Caller): Refusal {
  return credentials.kind === "none" && credentials.isPasswordChanged === true
    ? new Refusal("password_changed", "Your password was changed. Log in again.")
    : new Refusal("unauthenticated", "Log in first: send a session cookie, or 'Authorization: Bearer APIKEY'.");
}

function carryOutOperation(
  request: FastifyRequest,
  parts: ApiParts,
  route: Route<NativeOperation>,
  operation: NativeOperation,
  search: string,
): Promise<NativeAnswer> {
  const query = parseQuery(search);
  const facts = requestFacts(request, query, Parameters.none, parts.site);
  return carryOut(parts, facts, {
    isPublic: operation.who === "anyone",
    choose(caller) {
      if (!isLoggedIn(caller.actor) && operation.who !== "anyone") throw notLoggedIn(caller);
      return {
        access: operation,
        kind: operation.does.kind,
        refused: { operation: `${operation.method} ${nativePath(operation)}`, path: splitUrl(request.url).path },
        forbidden: "Only administrators may do this.",
        async work() {
          const nativeRequest: NativeRequest<unknown, unknown> = {
            path: route.path,
            query: operation.query === undefined ? {} : checkQuery(operation.query, query),
            search,
            headers: declaredHeaders(request, operation),
            body: bodyOf(request, operation),
            isSecure: isSecure(parts.site),
            baseUrl: baseUrl(request, parts.site),
            basePath: parts.site.basePath,
          };
          // Its schemas have just been checked.
          const checked = nativeRequest as NativeRequest<never, never>;
          const carryOut = (): Promise<NativeAnswer> =>
            operation.does.carryOut({ db: parts.db, acts: parts.acts, ...caller, request: checked, now: facts.now });
          const { open } = operation.answer;
          return open === undefined ? carryOut() : open.hold(viewerOf(caller.actor), carryOut);
        },
      };
    },
  });
}

/** The headers that the operation declares, and no others. */
function declaredHeaders(request: FastifyRequest, operation: NativeOperation): NativeRequest<never, never>["headers"] {
  return Object.fromEntries(
    Object.keys(operation.headers ?? {}).flatMap((name) => {
      const value = oneHeader(request.headers[name]);
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

function bodyOf(request: FastifyRequest, { body, bodiesMax, otherFormats }: NativeOperation): unknown {
  if (body === undefined) return {};
  const type = request.headers["content-type"];
  const bytes = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  const others = otherFormats?.read({ headers: request.headers, bytes });
  if (others !== undefined) return checkMany(body, others, bodiesMax ?? 1);
  return bodiesMax === undefined ? parseOneBody(body, type, bytes) : parseManyBodies(body, type, bytes, bodiesMax);
}

function send(reply: FastifyReply, answer: NativeAnswer, stopping: AbortSignal, base: string): void {
  reply.code(answer.status);
  reply.header("cache-control", "no-store");
  reply.header("vary", "Authorization, Cookie");
  if (answer.cookies !== undefined) {
    const cookies = answer.cookies.map((cookie) => cookieBelow(cookie, base));
    reply.header("set-cookie", cookies);
  }
  if (answer.stream !== undefined) return sendStream(reply, answer.stream, stopping);
  if (answer.body === undefined) return sendNoContent(reply, "application/json; charset=utf-8");
  reply.header("content-type", "application/json; charset=utf-8");
  reply.send(Buffer.from(JSON.stringify(answer.body), "utf8"));
}

function sendStream(reply: FastifyReply, body: StreamedBody, stopping: AbortSignal): void {
  reply.header("content-type", body.contentType);
  if (body.fileName !== undefined) reply.header("content-disposition", `attachment; filename="${body.fileName}"`);
  if (reply.request.method === "HEAD") return void reply.send("");
  // A proxy that gathers what it passes on would hold back events, and export whole files into its memory.
  reply.header("x-accel-buffering", "no");
  // It may be broken off, and then nothing else can come over it; nor is it to hold up the server's end.
  reply.header("connection", "close");
  reply.send(openBody(body, reply.raw, stopping));
}

function sendProblem(reply: FastifyReply, body: Problem): void {
  reply.code(body.status);
  reply.header("cache-control", "no-store");
  reply.header("content-type", "application/problem+json");
  reply.send(Buffer.from(JSON.stringify(body), "utf8"));
}
