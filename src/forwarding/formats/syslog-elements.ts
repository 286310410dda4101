import type { EventParts } from "./event-parts.ts";
import type { LogFacts } from "./log-facts.ts";
import { cutText, lineText } from "./line-text.ts";

/**
 * The structured data of an event (RFC 5424, section 6.3): an element of Ironlog's own and one for the program. `keep` says what may
 * stand in it: everything, values of so many octets, or only what finds the event in the log.
 */
export function structuredData(
  parts: EventParts,
  facts: LogFacts,
  enterpriseNumber: number,
  keep: "all" | "least" | number,
): string {
  const origin = keep === "least" ? cutText(parts.origin, 64) : parts.origin;
  const finding = [
    ["id", parts.id],
    ["leafHash", parts.leafHash],
    ["logOrigin", origin],
  ] as const;
  const valueMax = typeof keep === "number" ? keep : Infinity;
  const values = keep === "least" ? finding : [...finding, ...described(parts, keep, valueMax)];
  const own = element(`ironlog@${enterpriseNumber}`, values);
  return keep === "all"
    ? `${own}${element("origin", [
        ["software", "ironlog"],
        ["swVersion", facts.version],
      ])}`
    : own;
}

type Value = readonly [name: string, value: string];

function described(parts: EventParts, keep: "all" | number, valueMax: number): readonly Value[] {
  const { event, address } = parts;
  const values: readonly (readonly [string, string | number | null | undefined])[] = [
    ["action", event.action],
    ["type", event.type],
    ["outcome", event.outcome],
    ["source", event.source],
    ["user", event.username],
    ["userId", event.user_id ?? event.realm_user_id],
    ["realm", event.realm],
    ["ip", address?.ip ?? event.ip],
    ["userAgent", event.user_agent],
    ["endpoint", event.endpoint],
    ["traceId", event.trace_id],
    ["forwarded", event.forwarded],
    ["reporter", event.reporter],
    ["session", event.session],
    ["key", event.key],
    ["targetKind", event.target_kind],
    ["targetId", event.target_id],
    ["targetName", event.target_name],
    ["node", event.node],
    ["hostname", event.hostname],
    ["sourceEventId", event.source_event_id],
    ["reason", parts.reason],
    ["details", keep === "all" ? event.details : null],
  ];
  const kept: Value[] = [];
  for (const [name, value] of values) {
    if (value !== null && value !== undefined) kept.push([name, cutText(lineText(String(value)), valueMax)]);
  }
  return kept;
}

function element(id: string, values: readonly Value[]): string {
  let params = "";
  for (const [name, value] of values) params += ` ${name}="${escaped(lineText(value))}"`;
  return `[${id}${params}]`;
}

function escaped(value: string): string {
  return needsEscape.test(value) ? value.replaceAll(/["\\\]]/g, String.raw`\$&`) : value;
}

const needsEscape = /["\\\]]/;
