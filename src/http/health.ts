import { BlockList } from "node:net";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { Parameters } from "./maas/parameters/parameters.ts";
import type { Metrics } from "./metrics.ts";
import type { ApiParts } from "./operations/api-parts.ts";
import { carryOut } from "./operations/carry-out.ts";
import { findRefusal } from "./operations/find-refusal.ts";
import { refusalStatus } from "./operations/refusal-status.ts";
import { isLoggedIn } from "./authentication/acting-user.ts";
import { denial } from "./authentication/permission.ts";
import { addressOf, requestFacts, splitUrl } from "./request/request-facts.ts";
import { Refusal } from "../refusal.ts";

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8, "ipv4");
loopback.addAddress("::1", "ipv6");

export interface HealthParts extends Pick<ApiParts, "authenticate" | "refused" | "site"> {
  readonly metrics: Metrics;
  /** Throws, saying why, if the database can't be read. */
  checkDatabase(): Promise<void>;
  /** What is not as it should be: the words alone, or with what it is. */
  judge(): Promise<Readiness>;
  /** Lines that need no database. */
  describeAlone(): readonly string[];
}

/** How a server that can read its database is doing. */
export interface Readiness {
  /** None if it is ready. Each in a word or two, and in a sentence for administrators. */
  readonly troubles: readonly { readonly name: string; readonly what: string }[];
  /** Lines about what else there is to know: the states alone, or with times, numbers and reasons. */
  describe(isDetailed: boolean): Promise<readonly string[]>;
}

/** For whoever watches the server: is it alive, can it work, how is it doing. */
export function openHealth(app: FastifyInstance, parts: HealthParts): void {
  const { site, metrics, checkDatabase, judge, describeAlone } = parts;
  app.get("/healthz", { exposeHeadRoute: true }, async (_request, reply) => plain(reply, 200, "ok\n"));
  app.get("/readyz", { exposeHeadRoute: true }, async (request, reply) => {
    try {
      await checkDatabase();
      const isDetailed = await isForAdministrator(request);
      const { troubles, describe } = await judge();
      const reasons = isDetailed ? troubles.map(({ name, what }) => `${name}: ${what}`) : [];
      return lines(reply, 200, [stateOf(troubles), ...reasons, ...(await describe(isDetailed))]);
    } catch (error) {
      request.log.warn({ err: error }, "not ready");
      reply.header("retry-after", "5");
      return lines(reply, 503, ["not ready: the database can't be read: see the server's log", ...describeAlone()]);
    }
  });
  app.get("/metrics", { exposeHeadRoute: true }, async (request, reply) => {
    const { ip, forwarded } = addressOf(request, site);
    const { "x-forwarded-for": forwardedFor, forwarded: rfc7239, via, "x-real-ip": realIp } = request.headers;
    const isProxied = [forwardedFor, rfc7239, via, realIp].some((header) => header !== undefined);
    // A proxy on this machine that nobody declared passes on what others ask.
    const isUndeclaredProxy = isProxied && forwarded === null;
    const isLocal = ip !== null && loopback.check(ip, ip.includes(":") ? "ipv6" : "ipv4") && !isUndeclaredProxy;
    const render = async () => metrics.render();
    try {
      const { text, contentType } = await (isLocal ? render() : forAdministrators(request, render));
      reply.header("content-type", contentType);
      return reply.send(text);
    } catch (error) {
      const refusal = findRefusal(error, request.log);
      if (refusal === undefined) throw error;
      if (refusal.retryAfterSeconds !== undefined) reply.header("retry-after", refusal.retryAfterSeconds);
      // Strangers are told as those who are no administrators.
      const status = refusal.code === "unauthenticated" ? 403 : refusalStatus[refusal.code];
      return plain(reply, status, `${refusal.message}\n`);
    }
  });

  /** Does the work for an administrator, by session or with a key that is wide enough. */
  function forAdministrators<Answer>(request: FastifyRequest, work: () => Promise<Answer>): Promise<Answer> {
    const forbidden = "metrics are for administrators and this machine";
    return carryOut(parts, requestFacts(request, Parameters.none, Parameters.none, site), {
      isPublic: false,
      choose({ actor }) {
        if (!isLoggedIn(actor)) throw new Refusal("unauthenticated", forbidden);
        const { path } = splitUrl(request.url);
        return {
          access: { who: "administrator" },
          kind: "query",
          refused: { operation: `GET ${path}`, path },
          forbidden,
          work,
        };
      },
    });
  }

  /** Whether the caller may be told everything. The others get an answer, too, so nobody is refused. */
  async function isForAdministrator(request: FastifyRequest): Promise<boolean> {
    try {
      const caller = await parts.authenticate(requestFacts(request, Parameters.none, Parameters.none, site));
      return isLoggedIn(caller.actor) && denial(caller, { who: "auditor" }) === undefined;
    } catch (error) {
      if (error instanceof Refusal) return false;
      throw error;
    }
  }
}

/** `ready`, or `degraded` and by what. */
function stateOf(troubles: Readiness["troubles"]): string {
  return troubles.length === 0 ? "ready" : `degraded: ${troubles.map(({ name }) => name).join(", ")}`;
}

function lines(reply: FastifyReply, status: number, text: readonly string[]): FastifyReply {
  return plain(reply, status, text.map((line) => `${line}\n`).join(""));
}

function plain(reply: FastifyReply, status: number, text: string): FastifyReply {
  return reply
    .code(status)
    .header("content-type", "text/plain; charset=utf-8")
    .header("cache-control", "no-store")
    .send(text);
}
