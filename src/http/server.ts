import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import {
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  fastify,
  LogController,
} from "fastify";
import { withoutBase } from "./request/base-path.ts";
import { acceptedEncodings } from "./request/content-encoding.ts";
import { findRefusal } from "./operations/find-refusal.ts";
import { isKnownHost, unknownHost } from "./request/host.ts";
import type { Metrics } from "./metrics.ts";
import { decodable } from "./pages.ts";
import { bareProblem } from "./native/refusals.ts";
import { ignoreBodies } from "./request/request-body.ts";
import { refusalStatus } from "./operations/refusal-status.ts";
import { addressOf, oneHeader, shownPath, type Site, splitUrl } from "./request/request-facts.ts";

/** A request that takes longer to arrive is somebody holding a connection open. */
const requestTimeoutMs = 60_000;
/** Longer than the proxies in front keep theirs, so that they close first. */
const keepAliveTimeoutMs = 75_000;
const connectionsMax = 10_000;
/** What is in flight when the server is told to stop gets so long; systemd waits for 90 seconds. */
const stopGraceMs = 5_000;

export interface HttpServerParts {
  readonly site: Site;
  readonly tls: { readonly certificate: string; readonly key: string } | undefined;
  readonly log: FastifyBaseLogger;
  readonly metrics: Metrics;
}

/** An HTTP server that answers nothing yet: it names each request's trace, logs and counts it, and says no to nonsense. */
export function createHttpServer({ site, tls, log, metrics }: HttpServerParts): FastifyInstance {
  const app: FastifyInstance = fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: "trace_id" }),
    genReqId: traceId,
    exposeHeadRoutes: false,
    rewriteUrl: ({ url = "/" }) => decodable(withoutBase(url, site.basePath)),
    requestTimeout: requestTimeoutMs,
    keepAliveTimeout: keepAliveTimeoutMs,
    forceCloseConnections: "idle",
    return503OnClosing: false,
    frameworkErrors: (error, request, reply) => sayNo(error, request, reply),
    // Node's own answers to these have no body and no type; ours come from refuseOddRequests.
    ...(tls === undefined
      ? { http: { requireHostHeader: false } }
      : { https: { cert: tls.certificate, key: tls.key, requireHostHeader: false } }),
  });
  app.server.maxConnections = connectionsMax;
  app.setErrorHandler((error: FastifyError, request, reply) => sayNo(error, request, reply));
  app.setNotFoundHandler((request, reply) => notFound(request, reply));
  // The APIs read theirs; nothing else takes any.
  ignoreBodies(app);
  closeConnectionsAtTheEnd(app);
  refuseOddRequests(app);
  app.addHook("onRequest", async (request, reply) => {
    reply.header("maas-trace-id", request.id);
    reply.header("x-content-type-options", "nosniff");
    // Nothing that is answered here is a page: a browser that is shown it runs and loads nothing.
    reply.header("content-security-policy", "default-src 'none'; frame-ancestors 'self'");
  });
  refuseUnknownHosts(app, site);
  app.addHook("onResponse", async (request, reply) => {
    const { path } = splitUrl(request.url);
    const durationMs = Math.round(reply.elapsedTime * 100) / 100;
    metrics.observeRequest(apiOf(path), request.method, reply.statusCode, reply.elapsedTime / 1000);
    const { ip } = addressOf(request, site);
    // The path without its query, which may hold a signature.
    request.log.info(
      { method: request.method, path: shownPath(path), status: reply.statusCode, duration_ms: durationMs, ip },
      "request",
    );
  });
  return app;
}

/** While the server stops, each answer ends its connection: a client that keeps it would hold up the end. */
function closeConnectionsAtTheEnd(app: FastifyInstance): void {
  const answering = new Set<ServerResponse>();
  let isStopping = false;
  app.addHook("onRequest", async (_request, reply) => {
    answering.add(reply.raw);
    reply.raw.shouldKeepAlive = !isStopping && reply.raw.shouldKeepAlive;
    reply.raw.once("close", () => answering.delete(reply.raw));
  });
  app.addHook("preClose", async () => {
    isStopping = true;
    for (const response of answering) response.shouldKeepAlive = false;
    // A request that never ends must not keep the server from ending.
    setTimeout(() => app.server.closeAllConnections(), stopGraceMs).unref();
  });
}

/** What HTTP itself forbids: an expectation that isn't `100-continue`, a request without a Host (RFC 9112 section 3.2). */
function refuseOddRequests(app: FastifyInstance): void {
  app.server.on("checkExpectation", (_request: IncomingMessage, response: ServerResponse) => {
    response.writeHead(417, { "content-type": "text/plain; charset=utf-8" });
    response.end("The only expectation that can be met is 100-continue.");
  });
  app.addHook("onRequest", async (request, reply) => {
    const hosts = request.raw.rawHeaders.filter((name, at) => at % 2 === 0 && name.toLowerCase() === "host").length;
    if (hosts === 1 || (hosts === 0 && request.raw.httpVersion !== "1.1")) return undefined;
    sendPlainly(request, reply, 400, "invalid", hosts === 0 ? "Send a Host header." : "Send one Host header.");
    return reply;
  });
}

/** Those who watch the server ask by whatever name, and get nothing that is anybody's. */
const pathsForAnyHost: readonly string[] = ["/healthz", "/readyz"];

/** What was sent to a name that isn't this server's, it can't answer for (RFC 9110 section 15.5.20). */
function refuseUnknownHosts(app: FastifyInstance, site: Site): void {
  app.addHook("onRequest", async (request, reply) => {
    // A whole address in the request line counts before the header (RFC 9112 section 3.2.2).
    const [, authority, below = ""] = /^https?:\/\/([^/?#]*)([^?#]*)/i.exec(request.url) ?? [];
    const strange = [authority, request.headers.host].find(
      (host) => host !== undefined && !isKnownHost(host, site.hosts),
    );
    if (strange === undefined) return undefined;
    if (pathsForAnyHost.includes(authority === undefined ? splitUrl(request.url).path : below)) return undefined;
    reply.header("cache-control", "no-store");
    sendPlainly(request, reply, 421, "misdirected", unknownHost(strange));
    return reply;
  });
}

/** The caller's own trace id if it sent a plausible one, else a new one of 128 bits. */
function traceId(request: { readonly headers: Readonly<Record<string, string | string[] | undefined>> }): string {
  const own = oneHeader(request.headers["maas-trace-id"]);
  if (own !== undefined && /^[A-Za-z0-9._:-]{1,128}$/.test(own)) return own;
  // W3C Trace Context: version, trace id, parent id, flags.
  const traceparent = oneHeader(request.headers["traceparent"]) ?? "";
  const [, id] = /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}/.exec(traceparent) ?? [];
  return id !== undefined && !/^0+$/.test(id) ? id : randomUUID().replaceAll("-", "");
}

function apiOf(path: string): "maas" | "native" | "other" {
  if (path.startsWith("/MAAS/")) return "maas";
  return path.startsWith("/api/v1/") ? "native" : "other";
}

/** What Fastify itself refuses: a body that is too large, a request that isn't HTTP. And what no API has caught. */
function sayNo(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  const refusal = findRefusal(error, request.log);
  if (refusal !== undefined) {
    if (refusal.retryAfterSeconds !== undefined) reply.header("retry-after", refusal.retryAfterSeconds);
    return sendPlainly(request, reply, refusalStatus[refusal.code], refusal.code, refusal.message);
  }
  const status = statusOf(error);
  if (status >= 500) request.log.error({ err: error }, "a request failed");
  const detail =
    status >= 500 ? `Internal error. The server's log has more under the trace id ${request.id}.` : `${error.message}.`;
  const code = status === 413 ? "too_large" : status >= 500 ? "internal" : "invalid";
  if (status === 415) reply.header("accept-encoding", acceptedEncodings);
  sendPlainly(request, reply, status, code, detail);
}

/** A Content-Type that can't be read is a mistake like any other. */
function statusOf({ code, statusCode = 500 }: FastifyError): number {
  if (code === "FST_ERR_CTP_INVALID_MEDIA_TYPE") return 400;
  return statusCode >= 400 ? statusCode : 500;
}

function notFound(request: FastifyRequest, reply: FastifyReply): void {
  sendPlainly(request, reply, 404, "not_found", `There is nothing at ${shownPath(splitUrl(request.url).path)}.`);
}

function sendPlainly(request: FastifyRequest, reply: FastifyReply, status: number, code: string, detail: string): void {
  reply.code(status);
  if (apiOf(request.url) === "native") {
    reply.header("content-type", "application/problem+json");
    reply.send(Buffer.from(JSON.stringify(bareProblem(status, code, detail, request.id)), "utf8"));
    return;
  }
  reply.header("content-type", "text/plain; charset=utf-8");
  reply.send(Buffer.from(detail, "utf8"));
}
