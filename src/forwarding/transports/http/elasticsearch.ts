import type { PlainEvent } from "../../../database/event-columns.ts";
import { type Receiver, type RefusedEvent, RetryLater } from "../receiver.ts";
import { renderFitting } from "./fitting.ts";
import { type HttpAnswer, HttpClient, type HttpReceiverOptions } from "./http-client.ts";
import { isTaken, shownText, statusFailure } from "./http-status.ts";
import { jsonOf, memberOf } from "./json-answer.ts";

export interface ElasticsearchOptions extends HttpReceiverOptions {
  /** An index, an alias or a data stream. */
  readonly index: string;
  /** The log's name, which makes the documents' ids its own. */
  readonly origin: string;
}

const eventsMax = 1_000;
/** Elastic advises some megabytes. */
const bytesMax = 5 * 1024 * 1024;
/** All that is read of an answer. */
const wanted = "filter_path=errors,error,items.*.status,items.*.error.type,items.*.error.reason";

/** Results of a document that are about the index or the credentials: an administrator mends them. */
const mendableStatuses: readonly number[] = [401, 403, 404, 408, 429];
const mendableTypes: readonly string[] = ["invalid_index_name_exception", "index_closed_exception"];

/**
 * The bulk API of Elasticsearch and OpenSearch. Each document is created under an id of its event's, so that a repeat changes nothing;
 * each has a result of its own.
 */
export function elasticsearchReceiver(
  options: ElasticsearchOptions,
  document: (event: PlainEvent) => object,
): Receiver {
  const client = new HttpClient(options);
  const pair = (event: PlainEvent): string => {
    const action = { create: { _id: `${options.origin}#${event.id}` } };
    return `${JSON.stringify(action)}\n${JSON.stringify(document(event))}\n`;
  };
  return {
    batchMax: eventsMax,
    async deliver(events, signal) {
      const { count, rendered } = renderFitting(events, bytesMax, (some) => ({
        bytes: Buffer.from(some.map(pair).join("")),
      }));
      const path = `${encodeURIComponent(options.index)}/_bulk?${wanted}`;
      const answer = await client.post(path, { "content-type": "application/x-ndjson" }, rendered.bytes, signal);
      if (!isTaken(answer)) throw statusFailure(answer, reasonIn(memberOf(jsonOf(answer), "error")), Date.now());
      return outcomeOf(events.slice(0, count), itemsOf(answer, count), client.place);
    },
    async [Symbol.asyncDispose]() {
      client[Symbol.dispose]();
    },
  };
}

interface ItemResult {
  readonly status: number;
  readonly type: unknown;
  readonly reason: string;
}

/** The results of the documents in their order. Throws where the answer has others. */
function itemsOf(answer: HttpAnswer, count: number): readonly ItemResult[] {
  const items = memberOf(jsonOf(answer), "items");
  const results = (Array.isArray(items) ? (items as readonly unknown[]) : []).map((item) => {
    const result = memberOf(item, "create");
    const error = memberOf(result, "error");
    return { status: Number(memberOf(result, "status")), type: memberOf(error, "type"), reason: reasonIn(error) };
  });
  if (results.length !== count || !results.every(({ status }) => Number.isInteger(status))) {
    throw new Error(`${answer.place} didn't answer as the bulk API does: check the address.`);
  }
  return results;
}

/** The events up to the first that must be sent again: what comes behind it is repeated, and changes nothing. */
function outcomeOf(
  events: readonly PlainEvent[],
  results: readonly ItemResult[],
  place: string,
): { readonly taken: number; readonly refused: readonly RefusedEvent[] } {
  const refused: RefusedEvent[] = [];
  let taken = 0;
  for (const { status, type, reason } of results) {
    const id = events[taken]?.id ?? 0;
    const why = `${place} answered ${status} for event ${id}${reason === "" ? "" : ` (${reason})`}.`;
    if (status >= 500 || mendableStatuses.includes(status) || mendableTypes.includes(String(type))) {
      if (taken > 0) break;
      throw status === 429 ? new RetryLater(why, undefined) : new Error(`${why} Look at the index and its settings.`);
    }
    // 409: it is there already.
    if (status >= 300 && status !== 409) refused.push({ id, why });
    taken++;
  }
  return { taken, refused };
}

function reasonIn(error: unknown): string {
  if (typeof error === "string") return shownText(error);
  const [type, reason] = [shownText(memberOf(error, "type")), shownText(memberOf(error, "reason"))];
  return [type, reason].filter((part) => part !== "").join(": ");
}
