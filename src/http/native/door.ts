import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { Refusal } from "../../refusal.ts";
import { withoutIntent } from "../caller.ts";
import { findRefusal } from "../database-away.ts";
import type { DoorParts } from "../door.ts";
import { Parameters, parseQuery } from "../maas/parameters.ts";
import { sendNoContent } from "../no-content.ts";
import { isSecure, requestFacts, shownPath, splitUrl } from "../request-facts.ts";
import { allowedMethods, type Route, Router } from "../router.ts";
import { checkAgainst, checkQuery } from "./check.ts";
import type { NativeAnswer, NativeOperation, NativeRequest } from "./operation.ts";
import { bareProblem, type Problem, problem } from "./refusals.ts";

/** Serves the native API, everything under `/api/v1/`, and its description at `/api/v1/openapi.json`. */
export function openNativeDoor(
  app: FastifyInstance,
  parts: DoorParts,
  operations: readonly NativeOperation[],
  openApi: unknown,
): void {
  const router = new Router(operations);
  const openApiBytes = Buffer.from(JSON.stringify(openApi), "utf8");
  void app.register(async (door) => {
    door.removeAllContentTypeParsers();
    door.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
    door.get("/api/v1/openapi.json", async (_request, reply) => {
      reply.header("content-type", "application/json; charset=utf-8").send(openApiBytes);
      return reply;
    });
    door.all("/api/v1/*", async (request, reply) => {
      await answerRequest(request, reply, parts, router);
      return reply;
    });
  });
}

async function answerRequest(
  request: FastifyRequest,
  reply: FastifyReply,
  parts: DoorParts,
  router: Router<NativeOperation>,
): Promise<void> {
  const { path, query } = splitUrl(request.url);
  const route = router.find(path.slice("/api/v1".length));
  if (route === undefined) {
    const detail = `There is nothing at ${shownPath(path)}. GET /api/v1/openapi.json lists what there is.`;
    return sendProblem(reply, bareProblem(404, "not_found", detail, request.id));
  }
  const operation = route.operations.find(({ method }) => method === request.method);
  if (operation === undefined) {
    const allowed = allowedMethods(route).join(", ");
    reply.header("allow", allowed);
    return sendProblem(
      reply,
      bareProblem(405, "invalid", `${shownPath(path)} takes ${allowed}, not ${request.method}.`, request.id),
    );
  }
  try {
    send(reply, await carryOut(request, parts, route, operation, query));
  } catch (error) {
    const refusal = findRefusal(error);
    if (refusal !== undefined) {
      if (refusal.code === "unavailable") request.log.warn({ err: error }, "the database is away");
      if (refusal.retryAfterSeconds !== undefined) reply.header("retry-after", refusal.retryAfterSeconds);
      if (refusal.code === "unauthenticated") reply.header("www-authenticate", 'Bearer realm="ironlog"');
      return sendProblem(reply, problem(refusal, request.id));
    }
    request.log.error({ err: error }, "a request failed");
    const detail = `Internal error. The server's log has more under the trace id ${request.id}.`;
    sendProblem(reply, bareProblem(500, "internal", detail, request.id));
  }
}

async function carryOut(
  request: FastifyRequest,
  parts: DoorParts,
  route: Route<NativeOperation>,
  operation: NativeOperation,
  search: string,
): Promise<NativeAnswer> {
  const query = parseQuery(search);
  const facts = requestFacts(request, query, Parameters.none, parts.site);
  const caller = await parts.authenticate(operation.who === "anyone" ? withoutIntent(facts) : facts);
  if (caller.actor.user === null && operation.who !== "anyone") {
    throw new Refusal("unauthenticated", "Log in first: send a session cookie, or 'Authorization: Bearer APIKEY'.");
  }
  if (operation.who === "administrator" && caller.actor.user?.isSuperuser !== true) {
    await parts.refused.record(caller, `${operation.method} /api/v1${operation.path}`);
    throw new Refusal("forbidden", "Only administrators may do this.");
  }
  const nativeRequest: NativeRequest<unknown, unknown> = {
    path: route.path,
    query: operation.query === undefined ? {} : checkQuery(operation.query, query),
    search,
    body: operation.body === undefined ? {} : checkAgainst(operation.body, parseJson(request)),
    isSecure: isSecure(parts.site),
  };
  // Its schemas have just been checked.
  const checked = nativeRequest as NativeRequest<never, never>;
  return operation.does.carryOut({ db: parts.db, ...caller, request: checked, now: facts.now });
}

function parseJson(request: FastifyRequest): unknown {
  const type = (request.headers["content-type"] ?? "").split(";")[0]?.trim().toLowerCase();
  if (type !== "application/json")
    throw new Refusal("invalid", "Send a JSON object with Content-Type: application/json.");
  const bytes = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  let value: unknown;
  try {
    // Fatal: a broken byte must not become another character.
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (error) {
    throw new Refusal("invalid", "The body is not JSON in UTF-8.", { cause: error });
  }
  refuseBrokenText(value, []);
  return value;
}

/** Every text that comes in is well-formed Unicode without NUL (the log could not hold it). */
function refuseBrokenText(value: unknown, path: readonly string[]): void {
  if (path.length > jsonDepthMax)
    throw new Refusal("invalid", `The body is nested deeper than ${jsonDepthMax} levels.`);
  if (typeof value === "string" && (!value.isWellFormed() || value.includes("\0"))) {
    const field = path[0] ?? "body";
    const sentence = "Send well-formed Unicode without NUL characters.";
    throw new Refusal("invalid", `${field}: ${sentence}`, { fields: { [field]: [sentence] } });
  }
  if (typeof value !== "object" || value === null) return;
  for (const [key, member] of Object.entries(value)) refuseBrokenText(member, [...path, key]);
}

const jsonDepthMax = 32;

function send(reply: FastifyReply, answer: NativeAnswer): void {
  reply.code(answer.status);
  reply.header("cache-control", "no-store");
  reply.header("vary", "Authorization, Cookie");
  if (answer.cookies !== undefined) reply.header("set-cookie", [...answer.cookies]);
  if (answer.body === undefined) return sendNoContent(reply, "application/json; charset=utf-8");
  reply.header("content-type", "application/json; charset=utf-8");
  reply.send(Buffer.from(JSON.stringify(answer.body), "utf8"));
}

function sendProblem(reply: FastifyReply, body: Problem): void {
  reply.code(body.status);
  reply.header("cache-control", "no-store");
  reply.header("content-type", "application/problem+json");
  reply.send(Buffer.from(JSON.stringify(body), "utf8"));
}
