import type { PlainEvent } from "../../../database/event-columns.ts";
import { BatchRefused, type Delivered, type Receiver } from "../receiver.ts";
import { renderFitting } from "./fitting.ts";
import { HttpClient, type HttpReceiverOptions } from "./http-client.ts";
import { isTaken, statusFailure } from "./http-status.ts";
import { type PartialSuccess, partialSuccessIn, statusMessageIn } from "./partial-success.ts";

/** Events as an ExportLogsServiceRequest. */
export interface EncodedLogs {
  readonly contentType: "application/json" | "application/x-protobuf";
  readonly bytes: Uint8Array;
}

const eventsMax = 1_000;
/** Receivers of gRPC's kind take 4 MiB. */
const bytesMax = 3_000_000;
const retried: readonly number[] = [429, 502, 503, 504];

/**
 * OpenTelemetry's OTLP over HTTP. Its address is the base, below which `v1/logs` stands. Other failures than 429, 502, 503 and 504
 * must not be tried again (OTLP 1.x, "Failures"): but who gave wrong credentials or a wrong address mends them.
 */
export function otlpReceiver(
  options: HttpReceiverOptions,
  encode: (events: readonly PlainEvent[]) => EncodedLogs,
): Receiver {
  const client = new HttpClient(options);
  return {
    batchMax: eventsMax,
    async deliver(events, signal) {
      const { count, rendered } = renderFitting(events, bytesMax, encode);
      const answer = await client.post("v1/logs", { "content-type": rendered.contentType }, rendered.bytes, signal);
      if (!isTaken(answer)) {
        const failure = statusFailure(answer, statusMessageIn(answer), Date.now());
        const isFinal = answer.status >= 500 && !retried.includes(answer.status);
        throw isFinal ? new BatchRefused(failure.message) : failure;
      }
      const partial = partialSuccessIn(answer);
      if (partial === undefined) throw new Error(`${client.place} didn't answer as OTLP does: check the address.`);
      return outcomeOf(events.slice(0, count), partial, client.place);
    },
    async [Symbol.asyncDispose]() {
      client[Symbol.dispose]();
    },
  };
}

/** A receiver that took some of the events isn't sent them again, and doesn't say which it refused. */
function outcomeOf(events: readonly PlainEvent[], { rejected, message }: PartialSuccess, place: string): Delivered {
  const taken = events.length;
  if (rejected === 0) return { taken, refused: [] };
  const [first, last] = [events[0]?.id, events.at(-1)?.id];
  const reason = message === "" ? "" : ` (${message})`;
  if (rejected === undefined) {
    // It took the request: sent again, it would answer the same.
    const why = `${place} gave no whole number for how many of events ${first} to ${last} it rejected${reason}: perhaps all.`;
    return { taken, refused: [], unnamed: { count: taken, why } };
  }
  if (rejected >= taken) {
    return { taken, refused: events.map(({ id }) => ({ id, why: `${place} rejected it${reason}.` })) };
  }
  const why = `${place} rejected ${rejected} of events ${first} to ${last}${reason}, and didn't say which.`;
  return { taken, refused: [], unnamed: { count: rejected, why } };
}
