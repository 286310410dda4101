import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { PlainEvent } from "../../../database/event-columns.ts";
import { BatchRefused, type Receiver } from "../receiver.ts";
import { renderFitting } from "./fitting.ts";
import { type HttpAnswer, HttpClient, type HttpReceiverOptions } from "./http-client.ts";
import { isTaken, shownText, statusFailure } from "./http-status.ts";
import { jsonOf, memberOf } from "./json-answer.ts";

export interface SplunkOptions extends HttpReceiverOptions {
  readonly token: string;
  /** Where Splunk puts the events: the token's own where it is left out. */
  readonly index?: string | undefined;
  readonly source?: string | undefined;
  readonly sourcetype?: string | undefined;
  readonly host?: string | undefined;
  /** The token has indexer acknowledgement: an event counts as delivered when it is indexed. */
  readonly waitsForIndexer: boolean;
  /** Between two questions whether events are indexed. */
  readonly pollMs?: number;
}

const eventsMax = 500;
/** Some Splunks take no more than a megabyte. */
const bytesMax = 800_000;
const defaultPollMs = 1_000;
/** An indexer that needs longer has lost the events, or its memory of them: they are sent again. */
const pollsMax = 180;

/** Codes of answers 400 that are about the token or its settings, not about the events. */
const mends: Readonly<Record<number, string>> = {
  7: "the token doesn't allow this index: choose another, or allow it there",
  10: "the token has indexer acknowledgement: switch it on here too",
  11: "it doesn't take the channel of indexer acknowledgement",
  14: "the token has no indexer acknowledgement: switch it off here too",
};

/** Splunk's HTTP Event Collector. Acknowledged by its answer, or by the indexer. */
export function splunkReceiver(options: SplunkOptions, document: (event: PlainEvent) => object): Receiver {
  const authorization = `Splunk ${options.token}`;
  const client = new HttpClient({ ...options, headers: { ...options.headers, authorization } });
  /** Names this sender to the indexer. */
  const channel = randomUUID();
  const headers = { "content-type": "application/json", "x-splunk-request-channel": channel };
  const { index, source, sourcetype, host, pollMs = defaultPollMs } = options;
  const line = (event: PlainEvent): string =>
    JSON.stringify({ time: event.created / 1e6, index, source, sourcetype, host, event: document(event) });
  const post = async (path: string, body: Uint8Array, signal: AbortSignal): Promise<HttpAnswer> => {
    const answer = await client.post(path, headers, body, signal);
    if (!isTaken(answer)) throw failureOf(answer);
    return answer;
  };
  return {
    batchMax: eventsMax,
    async deliver(events, signal) {
      const { count, rendered } = renderFitting(events, bytesMax, (some) => ({
        bytes: Buffer.from(some.map(line).join("\n")),
      }));
      const answer = jsonOf(await post("services/collector/event", rendered.bytes, signal));
      const code = memberOf(answer, "code");
      if (code !== 0) throw new Error(`${client.place} answered something that isn't Splunk's: check the address.`);
      if (options.waitsForIndexer) {
        const ackId = memberOf(answer, "ackId");
        if (typeof ackId !== "number") throw new Error(`${client.place} gave no ackId: ${mends[14] ?? ""}.`);
        await indexed(ackId, signal);
      }
      return { taken: count, refused: [] };
    },
    async [Symbol.asyncDispose]() {
      client[Symbol.dispose]();
    },
  };

  async function indexed(ackId: number, signal: AbortSignal): Promise<void> {
    const question = Buffer.from(JSON.stringify({ acks: [ackId] }));
    for (let polls = 0; polls < pollsMax; polls++) {
      const answer = await post("services/collector/ack", question, signal);
      if (memberOf(memberOf(jsonOf(answer), "acks"), String(ackId)) === true) return;
      await sleep(pollMs, undefined, { signal }).catch(() => undefined);
      signal.throwIfAborted();
    }
    throw new Error(`${client.place} took the events, but didn't say that they were indexed: look at its indexers.`);
  }
}

function failureOf(answer: HttpAnswer): Error {
  const said = jsonOf(answer);
  const failure = statusFailure(answer, shownText(memberOf(said, "text")), Date.now());
  const mend = mends[Number(memberOf(said, "code"))];
  return failure instanceof BatchRefused && mend !== undefined ? new Error(`${failure.message} ${mend}.`) : failure;
}
