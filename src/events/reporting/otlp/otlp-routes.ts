import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { Parameters } from "../../../http/maas/parameters/parameters.ts";
import { mediaType } from "../../../http/native/body.ts";
import type { ApiParts } from "../../../http/operations/api-parts.ts";
import { isLoggedIn } from "../../../http/authentication/acting-user.ts";
import { carryOut } from "../../../http/operations/carry-out.ts";
import { findRefusal } from "../../../http/operations/find-refusal.ts";
import { type Call, command, Finished } from "../../../http/operations/operation.ts";
import { refusalStatus } from "../../../http/operations/refusal-status.ts";
import { bodyLimitBytes, takeBodies } from "../../../http/request/request-body.ts";
import { requestFacts, splitUrl } from "../../../http/request/request-facts.ts";
import { Refusal } from "../../../refusal.ts";
import type { Report } from "../report.ts";
import { findRepeated, recordReport } from "../report-actions.ts";
import { reportedEventsMax } from "../reported-event.ts";
import { decodeJsonLogs } from "./decode-json.ts";
import { decodeProtobufLogs } from "./decode-protobuf.ts";
import { reportsFromRecords } from "./reports-from-records.ts";
import { writeMessage } from "./wire.ts";

const access = { who: "administrator", scope: "events:write", hasLargeBody: true } as const;
const path = "/v1/logs";

/** Takes logs by OTLP/HTTP, at the path where its clients send them. */
export function openOtlpRoutes(app: FastifyInstance, parts: ApiParts): void {
  void app.register(async (api) => {
    takeBodies(api, () => bodyLimitBytes([access]));
    api.setErrorHandler((error: FastifyError, request, reply) => {
      const status = error.statusCode ?? 500;
      if (status < 500) return sendStatus(request, reply, status, `${error.message}.`);
      request.log.error({ err: error }, "a request failed");
      return sendStatus(request, reply, 503, "Internal error: nothing is lost if you send this again later.");
    });
    api.post(path, (request, reply) => answer(request, reply, parts));
    const method = ["GET", "PUT", "PATCH", "DELETE", "OPTIONS"];
    const refuseMethod = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> =>
      sendStatus(request, reply.header("allow", "POST"), 405, `${path} takes POST, not ${request.method}.`);
    api.route({ url: path, method, onRequest: refuseMethod, handler: refuseMethod });
  });
}

async function answer(request: FastifyRequest, reply: FastifyReply, parts: ApiParts): Promise<FastifyReply> {
  try {
    const { rejected, reason } = await record(request, parts);
    return sendResponse(request, reply, rejected, reason);
  } catch (error) {
    const refusal = findRefusal(error, request.log);
    if (refusal === undefined) throw error;
    const status = refusalStatus[refusal.code];
    if (refusal.code === "unauthenticated") reply.header("www-authenticate", 'Bearer realm="ironlog"');
    // A client of OTLP tries again after 503, and throws its records away after 500 or 507.
    const isPassing = status === 429 || status >= 500;
    if (isPassing) reply.header("retry-after", refusal.retryAfterSeconds ?? retryAfterSeconds);
    return sendStatus(request, reply, status >= 500 ? 503 : status, refusal.message);
  }
}

/** Nobody knows when it is better: soon enough to lose no time, not so soon as to be a burden. */
const retryAfterSeconds = 10;

function record(request: FastifyRequest, parts: ApiParts) {
  const facts = requestFacts(request, Parameters.none, Parameters.none, parts.site);
  return carryOut(parts, facts, {
    isPublic: false,
    choose(caller) {
      if (!isLoggedIn(caller.actor)) {
        throw new Refusal("unauthenticated", "Send 'Authorization: Bearer APIKEY', of a key with events:write.");
      }
      return {
        access,
        kind: "command",
        refused: { operation: `POST ${path}`, path: splitUrl(request.url).path },
        forbidden: "Only administrators, and keys with the scope events:write, may report events.",
        async work() {
          const { events, ...others } = reportsFromRecords(recordsOf(request), facts.now);
          // Each part is recorded or not as a whole. A repeat of the request does no harm to those that were.
          for (let at = 0; at < events.length; at += reportedEventsMax) {
            const part = { events: events.slice(at, at + reportedEventsMax), request: undefined, isMany: true };
            await recordPart.carryOut({ db: parts.db, acts: parts.acts, ...caller, request: part, now: facts.now });
          }
          return others;
        },
      };
    },
  });
}

const recordPart = command({
  action: recordReport,
  async input({ db, actor, request }: Call<Report>) {
    const repeated = await findRepeated(db, request, actor);
    return repeated === undefined ? request : new Finished(undefined);
  },
  output: () => undefined,
});

function recordsOf({ headers, body }: FastifyRequest) {
  const bytes = Buffer.isBuffer(body) ? body : Buffer.alloc(0);
  switch (mediaType(headers["content-type"])) {
    case protobufType:
      return decodeProtobufLogs(bytes);
    case jsonType:
      return decodeJsonLogs(bytes);
    default:
      throw new Refusal("invalid", `Send OTLP logs with Content-Type: ${protobufType} or ${jsonType}.`);
  }
}

const protobufType = "application/x-protobuf";
const jsonType = "application/json";

/** An ExportLogsServiceResponse. */
function sendResponse(request: FastifyRequest, reply: FastifyReply, rejected: number, reason: string): FastifyReply {
  const isPartial = rejected > 0;
  const partial = { rejectedLogRecords: String(rejected), errorMessage: reason };
  return sendAs(request, reply.code(200), {
    json: isPartial ? { partialSuccess: partial } : {},
    protobuf: isPartial ? writeMessage({ 1: writeMessage({ 1: rejected, 2: reason }) }) : Buffer.alloc(0),
  });
}

/** A google.rpc.Status: what OTLP says of failures. */
function sendStatus(request: FastifyRequest, reply: FastifyReply, status: number, message: string): FastifyReply {
  const code = rpcCodes[status] ?? 2;
  return sendAs(request, reply.code(status), {
    json: { code, message },
    protobuf: writeMessage({ 1: code, 2: message }),
  });
}

/** HTTP's statuses as the codes of google.rpc. */
const rpcCodes: Readonly<Record<number, number>> = {
  400: 3,
  401: 16,
  403: 7,
  404: 5,
  405: 12,
  409: 6,
  413: 8,
  415: 3,
  429: 8,
  503: 14,
};

/** In the encoding of the request. */
function sendAs(
  { headers }: FastifyRequest,
  reply: FastifyReply,
  { json, protobuf }: { readonly json: object; readonly protobuf: Buffer },
): FastifyReply {
  const isProtobuf = mediaType(headers["content-type"]) === protobufType;
  reply.header("cache-control", "no-store").header("content-type", isProtobuf ? protobufType : jsonType);
  return reply.send(isProtobuf ? protobuf : Buffer.from(JSON.stringify(json), "utf8"));
}
