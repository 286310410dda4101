import type { PlainEvent } from "../../database/event-columns.ts";
import { type EventParts, eventParts } from "./event-parts.ts";
import type { LogFacts } from "./log-facts.ts";
import { cutText, octetsOf, lineText } from "./line-text.ts";
import { severityOf } from "./severity.ts";

/**
 * An event as a line of ArcSight's Common Event SentFormat, without a line end. Where it has more than `octetsMax` octets, texts are
 * cut, and `msg` ends with what finds the event in the log.
 */
export function cefLine(row: PlainEvent, facts: LogFacts, octetsMax = Infinity): string {
  const parts = eventParts(row, facts);
  const pairs = [...essentials(parts), ...others(parts, facts)];
  const whole = lineOf(parts, facts, pairs, Infinity);
  if (octetsOf(whole) <= octetsMax) return whole;
  const short = pairs.filter(([key]) => key !== "msg" && !key.startsWith("cs4"));
  for (const textMax of [1023, 255, 63]) {
    const text = cutText(lineText(parts.message), Math.min(textMax, 900));
    const message: Pair = ["msg", `${text} ${cutMarker(parts)}`, 1023];
    const line = lineOf(parts, facts, [...short, message], textMax);
    if (octetsOf(line) <= octetsMax) return line;
  }
  const cut: Pair = ["msg", "cut", 3];
  const least = lineOf(parts, facts, [...essentials(parts), cut], 16);
  if (octetsOf(least) <= octetsMax) return least;
  return lineOf(parts, facts, [...essentials({ ...parts, origin: cutText(parts.origin, 32) }), cut], 16);
}

/** What stands where text was cut: it finds the event in the log. */
export function cutMarker({ id, leafHash }: Pick<EventParts, "id" | "leafHash">): string {
  return `[cut: event ${id}, leaf ${leafHash}]`;
}

/** A key, its value, and how many octets the receivers' fields for it hold. */
type Pair = readonly [key: string, value: string, octetsMax: number];

function essentials({ event, id, leafHash, origin }: EventParts): readonly Pair[] {
  return [
    ["rt", String(Math.floor(event.created / 1000)), 20],
    ["outcome", event.outcome, 63],
    ["externalId", id, 40],
    ["IronlogAuditLogOrigin", origin, 1023],
    ["IronlogAuditLeafHash", leafHash, 255],
  ];
}

function others(parts: EventParts, facts: LogFacts): readonly Pair[] {
  const { event, address, targetUser } = parts;
  const pairs: readonly (readonly [string, string | number | null | undefined, number])[] = [
    ["start", event.occurred === null ? null : Math.floor(event.occurred / 1000), 20],
    ["act", event.action, 63],
    ["cat", event.type, 1023],
    ["suser", event.username, 1023],
    ["suid", event.user_id ?? event.realm_user_id, 1023],
    ["duser", targetUser?.name, 1023],
    ["duid", targetUser?.id, 1023],
    ["src", address?.version === 4 ? address.ip : null, 15],
    ...labelled("c6a2", "Source IPv6 Address", address?.version === 6 ? address.ip : null, 45),
    ["requestClientApplication", event.user_agent, 1023],
    ["reason", parts.reason, 1023],
    ["dvchost", facts.hostname, 100],
    ["dhost", event.hostname, 1023],
    ["sourceServiceName", event.source, 1023],
    ...labelled("cn1", "treeIndex", parts.treeIndex, 20),
    ...labelled("cs1", "targetKind", event.target_kind, 4000),
    ...labelled("cs2", "targetId", event.target_id, 4000),
    ...labelled("cs3", "targetName", event.target_name, 4000),
    ...labelled("cs4", "details", event.details, 4000),
    ...labelled("cs5", "session", event.session, 4000),
    ...labelled("cs6", "key", event.key, 4000),
    ["IronlogAuditEndpoint", event.endpoint, 1023],
    ["IronlogAuditForwarded", event.forwarded, 1023],
    ["IronlogAuditNode", event.node, 1023],
    ["IronlogAuditReporter", event.reporter, 1023],
    ["IronlogAuditRealm", event.realm, 1023],
    ["IronlogAuditSourceEventId", event.source_event_id, 20],
    ["IronlogAuditTraceId", event.trace_id, 1023],
    ["msg", parts.message, 1023],
  ];
  return pairs.flatMap(([key, value, octetsMax]) =>
    value === null || value === undefined || value === "" ? [] : [[key, String(value), octetsMax] as const],
  );
}

function labelled(key: string, label: string, value: string | number | null, octetsMax: number) {
  return value === null || value === ""
    ? []
    : ([
        [key, value, octetsMax],
        [`${key}Label`, label, 1023],
      ] as const);
}

/** The whole line; texts that others word have at most `textMax` octets. */
function lineOf({ event }: EventParts, facts: LogFacts, pairs: readonly Pair[], textMax: number): string {
  const header = [
    headerText("Ironlog", 63),
    headerText("Ironlog", 63),
    headerText(facts.version, Math.min(31, textMax)),
    headerText(event.action, Math.min(1023, textMax)),
    headerText(nameOf(event.action), Math.min(512, textMax)),
    String(severityOf(event)),
  ].join("|");
  const extension = pairs.map(([key, value, octetsMax]) => {
    const isOurs = ourKeys.has(key);
    return `${key}=${extensionText(value, isOurs ? octetsMax : Math.min(octetsMax, textMax))}`;
  });
  return `CEF:0|${header}|${extension.join(" ").trimEnd()}`;
}

/** Of these nothing is cut for want of room: they find the event, or are cut already. */
const ourKeys = new Set(["externalId", "IronlogAuditLogOrigin", "IronlogAuditLeafHash", "msg", "rt", "src", "c6a2"]);

/** `auth.login.failure` → `Auth login failure`. */
function nameOf(action: string): string {
  const words = action.replaceAll(/[._]/g, " ");
  return words.slice(0, 1).toUpperCase() + words.slice(1);
}

/** A header has escapes for two characters, and none for a line end. */
function headerText(text: string, octetsMax: number): string {
  return cutText(lineText(text), octetsMax).replaceAll(/[\\|]/g, String.raw`\$&`);
}

function extensionText(text: string, octetsMax: number): string {
  const lines = text.replaceAll(/\r\n?/g, "\n").split("\n").map(lineText).join("\n");
  return cutText(lines, octetsMax)
    .replaceAll(/[\\=]/g, String.raw`\$&`)
    .replaceAll("\n", String.raw`\n`);
}
