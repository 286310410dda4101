import type { EventFilter } from "../../events/filter/filter.ts";
import { parseFilterPairs } from "../../events/filter/native-filter.ts";
import { invalidField } from "../../refusal.ts";
import { shortNamePattern } from "../../verifiable-log/short-name.ts";

/** How events get to a destination, and as what. */
export const transports = {
  syslog: ["syslog", "cef", "json"],
  webhook: ["json", "cloudevents", "cloudevents-batch", "ocsf"],
  splunk: ["json", "ecs", "ocsf"],
  elasticsearch: ["ecs", "json", "ocsf"],
  loki: ["json", "ecs", "ocsf"],
  otlp: ["otlp-protobuf", "otlp-json"],
  file: ["json", "ecs", "ocsf", "cloudevents"],
  email: ["text"],
} as const;

export type Transport = keyof typeof transports;
export type SentFormat = (typeof transports)[Transport][number];

export const transportNames = Object.keys(transports) as readonly Transport[];
export const sentFormats: readonly SentFormat[] = [...new Set(Object.values(transports).flat())];

/** A destination's secrets, by the names of their columns. */
export const secretNames = ["token", "password", "signing_key", "client_key"] as const;
export type DestinationSecret = (typeof secretNames)[number];
export type DestinationSecrets<Value> = Readonly<Record<DestinationSecret, Value>>;

/** What a transport needs to know, by the names of the API. What isn't given isn't there. */
export interface DestinationSettings {
  readonly url?: string;
  readonly directory?: string;
  /** Of syslog: how records are told apart in a stream, and which standard they follow. */
  readonly framing?: "octet-counting" | "lf";
  readonly protocol?: "rfc5424" | "rfc3164";
  readonly facility?: number;
  /** Octets of a record at most. */
  readonly record_limit?: number;
  readonly enterprise_number?: number;
  /** PEM. */
  readonly ca?: string;
  readonly client_certificate?: string;
  readonly server_name?: string;
  /** Whether it may go over a connection that isn't encrypted. */
  readonly plain_http?: boolean;
  readonly index?: string;
  readonly acknowledge?: boolean;
  readonly tenant?: string;
  readonly username?: string;
  readonly ocsf_version?: "1.8.0" | "1.9.0-dev";
  readonly rotate_bytes?: number;
  readonly rotate_hours?: number;
  readonly from?: string;
  readonly to?: readonly string[];
}

export type SettingName = keyof DestinationSettings;

/** A filter, and the event behind which it holds. */
export interface FilterSpan {
  readonly after: number;
  readonly filter: readonly string[];
  readonly exclude: readonly string[];
}

/** Something that is to be done with dead letters. */
export interface DeadLetterOrder {
  /** The event that ordered it. */
  readonly id: number;
  readonly does: "resend" | "drop";
  /** Null for all. */
  readonly event: number | null;
}

export interface Destination {
  readonly id: number;
  readonly uuid: string;
  readonly name: string;
  readonly transport: Transport;
  readonly format: SentFormat;
  readonly settings: DestinationSettings;
  readonly has: DestinationSecrets<boolean>;
  /** The oldest first; never empty. */
  readonly filters: readonly FilterSpan[];
  /** Why nothing is sent to it; null while it is. */
  readonly paused: string | null;
  readonly startsAfter: number;
  /** How often it began, from 1. */
  readonly startNumber: number;
  readonly orders: readonly DeadLetterOrder[];
  readonly created: number;
  readonly updated: number;
}

/** What pauses a destination, in the words of the log. */
export const pausedBy = {
  administrator: "an administrator paused it",
  gone: "the receiver says that it is gone for good",
  restore: "it came with a backup that was restored",
} as const;

/** The filter that holds of new events. */
export function newestSpan({ filters }: Pick<Destination, "filters">): FilterSpan {
  return filters.at(-1) ?? { after: 0, filter: [], exclude: [] };
}

/** What a filter asks for. Refuses with `invalid`. */
export function parseSpan({ filter, exclude }: Pick<FilterSpan, "filter" | "exclude">): EventFilter {
  return parseFilterPairs(filter, exclude);
}

/** The name in events and addresses. Refuses with `invalid`. */
export function parseDestinationName(text: string): string {
  if (shortNamePattern.test(text)) return text;
  throw invalidField(
    "name",
    "Enter 1 to 40 small letters, digits and hyphens: the name stands in the destination's events.",
  );
}

/** What a destination is sent as. Refuses with `invalid` what its transport doesn't carry. */
export function parseFormat(transport: Transport, format: string | undefined): SentFormat {
  const known: readonly SentFormat[] = transports[transport];
  const found = format === undefined ? known[0] : known.find((one) => one === format);
  if (found !== undefined) return found;
  throw invalidField("format", `A destination by ${transport} takes one of ${known.join(", ")}.`);
}
