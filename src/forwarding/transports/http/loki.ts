import type { PlainEvent } from "../../../database/event-columns.ts";
import type { Receiver } from "../receiver.ts";
import { renderFitting } from "./fitting.ts";
import { HttpClient, type HttpReceiverOptions } from "./http-client.ts";
import { isTaken, statusFailure } from "./http-status.ts";

export interface LokiOptions extends HttpReceiverOptions {
  /** The stream's labels: few, and the same for all events. */
  readonly labels: Readonly<Record<string, string>>;
  /** `X-Scope-OrgID`, where Loki has several tenants. */
  readonly tenant?: string | undefined;
}

const eventsMax = 1_000;
/** Loki's own default limit is 4 MB a request. */
const bytesMax = 3_000_000;

/**
 * Grafana Loki. A repeat of an entry changes nothing, since time and text are the same. It refuses entries that are too old, or too
 * far behind others of the stream, for good, without naming them: the batch is refused, and halved down to them.
 */
export function lokiReceiver(options: LokiOptions, document: (event: PlainEvent) => object): Receiver {
  const tenant: Readonly<Record<string, string>> =
    options.tenant === undefined ? {} : { "x-scope-orgid": options.tenant };
  const client = new HttpClient({ ...options, headers: { ...options.headers, ...tenant } });
  const entry = (event: PlainEvent): readonly [string, string] => [
    // Microseconds in nanoseconds, which a number couldn't hold.
    `${event.created}000`,
    JSON.stringify(document(event)),
  ];
  return {
    batchMax: eventsMax,
    async deliver(events, signal) {
      const { count, rendered } = renderFitting(events, bytesMax, (some) => ({
        bytes: Buffer.from(JSON.stringify({ streams: [{ stream: options.labels, values: some.map(entry) }] })),
      }));
      const answer = await client.post(
        "loki/api/v1/push",
        { "content-type": "application/json" },
        rendered.bytes,
        signal,
      );
      if (!isTaken(answer)) throw statusFailure(answer, answer.body.toString("utf8"), Date.now());
      return { taken: count, refused: [] };
    },
    async [Symbol.asyncDispose]() {
      client[Symbol.dispose]();
    },
  };
}
