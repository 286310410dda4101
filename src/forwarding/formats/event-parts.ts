import { isIP } from "node:net";
import type { PlainEvent } from "../../database/event-columns.ts";
import { type EventFieldName, eventFields } from "../../verifiable-log/event-fields.ts";
import { shownDescription } from "../../events/rendering/maas-rendering.ts";
import type { LogFacts } from "./log-facts.ts";

/** What all formats say of an event, in the form that most of them take. */
export interface EventParts {
  /** The event with well-formed text. */
  readonly event: PlainEvent;
  readonly id: string;
  readonly leafHash: string;
  readonly origin: string;
  /** The leaf's place in the tree. */
  readonly treeIndex: number;
  /** When it happened, in microseconds since 1970 UTC. */
  readonly time: number;
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>> | undefined;
  /** Why it failed, where the details say so. */
  readonly reason: string | undefined;
  readonly address: Address | undefined;
  /** The account that was acted on, where it was one. */
  readonly targetUser: { readonly id: string | undefined; readonly name: string | undefined } | undefined;
}

/** An address without the zone that some systems add, which others refuse. */
export interface Address {
  readonly ip: string;
  readonly version: 4 | 6;
}

export function eventParts(row: PlainEvent, facts: LogFacts): EventParts {
  const event = withWellFormedText(row);
  const details = event.details === null ? undefined : parseDetails(event.details);
  const reason = details?.["reason"];
  return {
    event,
    id: String(event.id),
    leafHash: Buffer.from(event.leaf_hash).toString("base64"),
    origin: facts.origin.toWellFormed(),
    treeIndex: event.id - 1,
    time: event.occurred ?? event.created,
    message: shownDescription(event),
    details,
    reason: typeof reason === "string" && reason !== "" ? reason : undefined,
    address: findAddress(event.ip),
    targetUser: findTargetUser(event),
  };
}

const textNames = (Object.keys(eventFields) as EventFieldName[]).filter((name) =>
  ["text", "json"].includes(eventFields[name].type),
);

/** Half a surrogate pair can't be sent as UTF-8. Rows that were recorded have none; nothing here is to depend on that. */
export function withWellFormedText(event: PlainEvent): PlainEvent {
  const isOdd = (value: unknown): value is string => typeof value === "string" && !value.isWellFormed();
  if (!textNames.some((name) => isOdd(event[name]))) return event;
  const mended = Object.entries(event).map(([name, value]) => [name, isOdd(value) ? value.toWellFormed() : value]);
  // The same members, of the same types.
  return Object.fromEntries(mended) as PlainEvent;
}

function parseDetails(text: string): EventParts["details"] {
  const value: unknown = JSON.parse(text);
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : undefined;
}

function findAddress(text: string | null): Address | undefined {
  const [address = ""] = (text ?? "").split("%");
  const [, mapped] = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address) ?? [];
  const ip = mapped ?? address;
  const version = isIP(ip);
  return version === 4 || version === 6 ? { ip, version } : undefined;
}

function findTargetUser({ target_kind: kind, target_id: id, target_name: name }: PlainEvent): EventParts["targetUser"] {
  if (kind !== "user" || (id === null && name === null)) return undefined;
  return { id: id ?? undefined, name: name ?? undefined };
}

/** An object without the members that are undefined or null, or undefined where none is left. */
export function present<Members extends object>(members: Members): Partial<NonNullMembers<Members>> | undefined {
  const kept = Object.entries(members).filter(([, value]) => value !== undefined && value !== null);
  // The members that are left are of their own types.
  return kept.length === 0 ? undefined : (Object.fromEntries(kept) as Partial<NonNullMembers<Members>>);
}

type NonNullMembers<Members> = { [Name in keyof Members]: NonNullable<Members[Name]> };
