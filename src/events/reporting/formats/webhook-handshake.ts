import type { FastifyInstance } from "fastify";
import { bareProblem } from "../../../http/native/refusals.ts";
import { oneHeader } from "../../../http/request/request-facts.ts";

const path = "/api/v1/events";

/** A host name, as senders of webhooks call themselves. */
const originPattern = /^[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/;

/**
 * Tells senders of CloudEvents that they may deliver here, at any rate (HTTP 1.1 Web Hooks for Event Delivery 1.0.2, section 4): some
 * deliver nothing before they have asked. The answer gives nobody a right: each delivery needs an API key.
 */
export function openWebhookHandshake(app: FastifyInstance): void {
  app.options(path, async (request, reply) => {
    const origin = oneHeader(request.headers["webhook-request-origin"]);
    reply.header("allow", "GET, HEAD, POST, OPTIONS").header("cache-control", "no-store");
    if (origin !== undefined && originPattern.test(origin)) {
      return reply.header("webhook-allowed-origin", origin).header("webhook-allowed-rate", "*").code(200).send();
    }
    const detail = `${path} takes OPTIONS only with WebHook-Request-Origin, the host name of who delivers CloudEvents.`;
    reply.code(405).header("content-type", "application/problem+json");
    return reply.send(JSON.stringify(bareProblem(405, "invalid", detail, request.id)));
  });
}
