import { BlockList } from "node:net";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Authenticate } from "./authentication/caller.ts";
import { Parameters } from "./maas/parameters/parameters.ts";
import type { Metrics } from "./metrics.ts";
import { denial, tooNarrow } from "./authentication/permission.ts";
import { addressOf, requestFacts, type Site } from "./request/request-facts.ts";
import { Refusal } from "../refusal.ts";

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8, "ipv4");
loopback.addAddress("::1", "ipv6");

export interface HealthParts {
  readonly site: Site;
  readonly authenticate: Authenticate;
  readonly metrics: Metrics;
  /** Throws, saying why, if the database can't be read. */
  checkDatabase(): Promise<void>;
  /** Lines about what else there is to know, once it can be read: the states alone, or with times, numbers and reasons. */
  describe(isDetailed: boolean): Promise<readonly string[]>;
}

/** For whoever watches the server: is it alive, can it work, how is it doing. */
export function openHealth(app: FastifyInstance, parts: HealthParts): void {
  const { site, authenticate, metrics, checkDatabase, describe } = parts;
  app.get("/healthz", { exposeHeadRoute: true }, async (_request, reply) => plain(reply, 200, "ok\n"));
  app.get("/readyz", { exposeHeadRoute: true }, async (request, reply) => {
    try {
      await checkDatabase();
      const isDetailed = (await refusalOf(request)) === undefined;
      return plain(reply, 200, ["ok", ...(await describe(isDetailed))].map((line) => `${line}\n`).join(""));
    } catch (error) {
      request.log.warn({ err: error }, "not ready");
      reply.header("retry-after", "5");
      return plain(reply, 503, "the database can't be read: see the server's log\n");
    }
  });
  app.get("/metrics", { exposeHeadRoute: true }, async (request, reply) => {
    const { ip, forwarded } = addressOf(request, site);
    const { "x-forwarded-for": forwardedFor, forwarded: rfc7239, via, "x-real-ip": realIp } = request.headers;
    const isProxied = [forwardedFor, rfc7239, via, realIp].some((header) => header !== undefined);
    // A proxy on this machine that nobody declared passes on what others ask.
    const isUndeclaredProxy = isProxied && forwarded === null;
    const isLocal = ip !== null && loopback.check(ip, ip.includes(":") ? "ipv6" : "ipv4") && !isUndeclaredProxy;
    const refusal = isLocal ? undefined : await refusalOf(request);
    if (refusal !== undefined) return plain(reply, 403, `${refusal}\n`);
    const { text, contentType } = await metrics.render();
    reply.header("content-type", contentType);
    return reply.send(text);
  });

  /** Why the caller isn't told everything; undefined for an administrator, by session or with a key that is wide enough. */
  async function refusalOf(request: FastifyRequest): Promise<string | undefined> {
    try {
      const caller = await authenticate(requestFacts(request, Parameters.none, Parameters.none, site));
      const denied = caller.actor.user === null ? "administrators" : denial(caller, { who: "administrator" });
      if (denied === "scope") return tooNarrow(caller);
      return denied === undefined ? undefined : "metrics are for administrators and this machine";
    } catch (error) {
      if (error instanceof Refusal) return error.message;
      throw error;
    }
  }
}

function plain(reply: FastifyReply, status: number, text: string): FastifyReply {
  return reply
    .code(status)
    .header("content-type", "text/plain; charset=utf-8")
    .header("cache-control", "no-store")
    .send(text);
}
