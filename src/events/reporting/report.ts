import { hash } from "node:crypto";
import type { ReportedDraft } from "../../audit/event-draft.ts";
import { Refusal } from "../../refusal.ts";
import { canonicalJson } from "../../verifiable-log/canonical-json.ts";
import { parseKey, type ReportedEvent } from "./reported-event.ts";

/** A key, and the digest of what was reported under it. */
export interface Keyed {
  readonly key: string;
  /** SHA-256. */
  readonly digest: Uint8Array;
}

/** What one request reports. */
export interface Report {
  readonly events: readonly { readonly draft: ReportedDraft; readonly keyed: Keyed | undefined }[];
  /** The key of the request as a whole. */
  readonly request: Keyed | undefined;
  /** True if there may be several, so that a mistake says in which. */
  readonly isMany: boolean;
}

/**
 * A report under its keys. `requestKey` is the header `Idempotency-Key`, which some write in quotes (it is a structured
 * field in the IETF's draft). Refuses keys for the request and for its events at once: what a repeat means would be unclear.
 */
export function parseReport(events: readonly ReportedEvent[], requestKey: string | undefined): Report {
  const isMany = events.length > 1;
  if (requestKey === undefined) {
    const keyed = events.map(({ draft, key }) => ({
      draft,
      keyed: key === undefined ? undefined : { key, digest: digestOf([draft]) },
    }));
    return { events: keyed, request: undefined, isMany };
  }
  if (events.some(({ key }) => key !== undefined)) {
    throw new Refusal("invalid", "Give a key for the whole request or keys for its events, not both.", {
      fields: { "Idempotency-Key": ["Leave this out where the events have keys of their own."] },
    });
  }
  const key = parseKey(requestKey.replace(/^"(.*)"$/, "$1"), "Idempotency-Key");
  const drafts = events.map(({ draft }) => draft);
  return {
    events: drafts.map((draft) => ({ draft, keyed: undefined })),
    request: { key, digest: digestOf(drafts) },
    isMany,
  };
}

function digestOf(drafts: readonly ReportedDraft[]): Uint8Array {
  return hash("sha256", canonicalJson(drafts.map((draft) => ({ ...draft }))), "buffer");
}
