import { type Static, Type } from "typebox";
import type { ShownWorker } from "../../following/workers.ts";
import { timeOrNull } from "../../http/native/time.ts";
import { rfc3339Micros, rfc3339OrNull } from "../../time.ts";
import type { DeadLetter } from "../delivery/dead-letters.ts";
import { type DeliveryPosition, paceWith } from "../delivery/position.ts";
import { type Destination, sentFormats, newestSpan, transportNames } from "./destination.ts";

const text = (description: string) => Type.String({ description });
const orNull = (description: string) => Type.Union([Type.String(), Type.Null()], { description });
const count = (description: string) => Type.Integer({ description });
const flag = (description: string) => Type.Boolean({ description });
const secret = (what: string) => text(`${what} It is stored encrypted and shown to nobody. Empty removes it.`);
const whole = (minimum: number, maximum: number, description: string) =>
  Type.Integer({ minimum, maximum, description });

const pairsMax = 50;
const pairs = (description: string) => Type.Array(Type.String(), { maxItems: pairsMax, description });

/** What of a destination's transport can be given and changed. */
const settingFields = {
  url: text(
    "Where it listens. Of syslog udp://, tcp:// or tls:// with host and port; of e-mail smtp:// or smtps://; else https:// (or http:// with plain_http).",
  ),
  directory: text("Of file: the absolute path of the directory that it writes into, on the server."),
  framing: Type.Enum(["octet-counting", "lf"], {
    description: "Of syslog over TCP: how records are told apart (RFC 6587). octet-counting unless given.",
  }),
  protocol: Type.Enum(["rfc5424", "rfc3164"], { description: "Of syslog. rfc5424 unless given." }),
  facility: whole(0, 23, "Of syslog. 13 (log audit) unless given."),
  record_limit: whole(
    480,
    65_535,
    "Of syslog: octets of a record. 8000 unless given, over UDP 2048. A longer one is cut, and says so.",
  ),
  enterprise_number: whole(
    1,
    4_294_967_295,
    "Of syslog: the private enterprise number in the name of structured data. 32473 unless given.",
  ),
  ca: text("Certificates (PEM) that sign the receiver's, where the system doesn't trust them."),
  server_name: text("The name in the receiver's certificate, where it isn't the one in the address."),
  client_certificate: text("This server's certificate (PEM), where the receiver asks for one."),
  plain_http: flag("Events may go to another machine over a connection that isn't encrypted."),
  index: text("Of Elasticsearch the index or data stream; of Splunk the index."),
  acknowledge: flag("Of Splunk: wait until the indexer has acknowledged."),
  tenant: text("Of Loki: the tenant (X-Scope-OrgID)."),
  username: text("Who logs in with the password."),
  ocsf_version: Type.Enum(["1.8.0", "1.9.0-dev"], { description: "Of the format ocsf. 1.8.0 unless given." }),
  rotate_bytes: whole(
    65_536,
    1_099_511_627_776,
    "Of file: a new one begins behind so many bytes. 100 MiB unless given.",
  ),
  rotate_hours: whole(1, 8_760, "Of file: a new one begins after so many hours. 24 unless given."),
  from: text("Of e-mail: the sender's address."),
  to: Type.Array(Type.String(), { maxItems: pairsMax, description: "Of e-mail: who gets it." }),
};

const secretFields = {
  token: secret("A bearer token, Splunk's HEC token or Elasticsearch's API key."),
  password: secret("The password of username."),
  signing_key: secret("Of a webhook: whsec_… (HMAC) or whsk_… (Ed25519) of Standard Webhooks."),
  client_key: secret("The key of the client certificate (PEM)."),
};

const filterFields = {
  filter: pairs(
    "NAME:VALUE of each event that is sent, as in GET /api/v1/events; of one name any value. All unless given.",
  ),
  exclude: pairs("NAME:VALUE of those that aren't sent."),
};

const format = Type.Enum([...sentFormats], { description: "As what events are sent. Each transport carries some." });

/** What of a destination can be changed. */
export const editableDestination = Type.Partial(
  Type.Object({ format, ...settingFields, ...secretFields, ...filterFields }),
).properties;

export const startField = text(
  "Where it begins: now, beginning, the id of the first event, or the time from which on (RFC 3339).",
);

export const transportField = Type.Enum([...transportNames], { description: "How events get there." });

const shownSettings = Type.Partial(Type.Object(settingFields)).properties;

export const destinationSchema = Type.Object({
  name: text("Stands in its events, and never changes."),
  transport: transportField,
  format,
  ...shownSettings,
  has_token: Type.Boolean(),
  has_password: Type.Boolean(),
  has_signing_key: Type.Boolean(),
  has_client_key: Type.Boolean(),
  ...filterFields,
  is_enabled: flag("False while it is paused."),
  paused: orNull("Why nothing is sent."),
  state: Type.Enum(["delivering", "failing", "stalled", "paused", "waiting"], {
    description:
      "failing: tries again. stalled: has failed for ten minutes, and the log says so. waiting: no server does it yet.",
  }),
  last_error: orNull("Why it fails."),
  failing_since: timeOrNull("Since when."),
  delivered_to: count("Up to this event it has got all that it should."),
  behind: count("How many events of the log come after that."),
  behind_seconds: Type.Union([Type.Integer(), Type.Null()], {
    description: "How old the first of these is; null where there is none.",
  }),
  delivered: count("Events that it has acknowledged, repeats included."),
  delivered_at: timeOrNull("When the last one was."),
  delivered_last_minute: count("How many it acknowledged in the last whole minute."),
  dead_letters: count("Events that it refused for good."),
  receipt: Type.Union([Type.Integer(), Type.Null()], {
    description: "Up to which event the last receipt in the log says that it was delivered; null where there is none.",
  }),
  receipt_at: timeOrNull("When that was recorded."),
  created: Type.String({ format: "date-time" }),
  updated: Type.String({ format: "date-time" }),
});

export const deadLetterSchema = Type.Object({
  event: count("The id of the event."),
  why: text("What the receiver said."),
  tries: count("How often it was sent."),
  format: text("As what."),
  noted: Type.String({ format: "date-time" }),
});

const bodyType = () => Type.Object(editableDestination);
export type DestinationBody = Static<ReturnType<typeof bodyType>>;

/** What is known of a destination beside its settings. */
export interface DestinationState {
  /** Undefined before it began. */
  readonly position: DeliveryPosition | undefined;
  readonly worker: ShownWorker | undefined;
  readonly deadLetters: number;
  readonly lastEventId: number;
  /** When the first event was recorded that it hasn't got; undefined where there is none. */
  readonly nextCreated: number | undefined;
  readonly now: number;
}

export function nativeDestination(destination: Destination, state: DestinationState) {
  const { position, deadLetters, lastEventId, nextCreated, now } = state;
  const { filter, exclude } = newestSpan(destination);
  const hasReceipt = position !== undefined && position.receipt_hash.length > 0;
  const deliveredTo = position?.event_id ?? destination.startsAfter;
  return {
    name: destination.name,
    transport: destination.transport,
    format: destination.format,
    ...destination.settings,
    has_token: destination.has.token,
    has_password: destination.has.password,
    has_signing_key: destination.has.signing_key,
    has_client_key: destination.has.client_key,
    filter,
    exclude,
    is_enabled: destination.paused === null,
    paused: destination.paused,
    state: stateOf(destination, state),
    last_error: position?.last_error ?? null,
    failing_since: rfc3339OrNull(position?.failing_since ?? null),
    delivered_to: deliveredTo,
    behind: Math.max(0, lastEventId - deliveredTo),
    behind_seconds: nextCreated === undefined ? null : Math.max(0, Math.round((now - nextCreated) / 1e6)),
    delivered: position?.delivered ?? 0,
    delivered_at: rfc3339OrNull(position?.delivered_at ?? null),
    delivered_last_minute: position === undefined ? 0 : paceWith(position, 0, now).last_minute_delivered,
    dead_letters: deadLetters,
    receipt: hasReceipt ? position.receipt_id : null,
    receipt_at: hasReceipt ? rfc3339Micros(position.receipt_at) : null,
    created: rfc3339Micros(destination.created),
    updated: rfc3339Micros(destination.updated),
  };
}

function stateOf({ paused }: Destination, { position, worker }: DestinationState) {
  if (paused !== null) return "paused";
  if (worker === undefined || worker.holder === null) return "waiting";
  const { stalled_at: stalledAt = null, failing_since: failingSince = null } = position ?? {};
  if (stalledAt !== null) return "stalled";
  return worker.trouble !== null || failingSince !== null ? "failing" : "delivering";
}

export function nativeDeadLetter({ event_id: event, noted, ...letter }: DeadLetter) {
  return { event, ...letter, noted: rfc3339Micros(noted) };
}
