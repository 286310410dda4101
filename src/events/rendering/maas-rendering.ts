import { eventTypes } from "../../audit/kinds.ts";
import type { EventTable } from "../../database/tables.ts";
import { isMirrored } from "../../verifiable-log/event-source.ts";
import { levelName, levelNumbers } from "../filter/level.ts";
import { maasTime } from "../../time.ts";

/** The columns that MAAS shows of an event. */
export const shownColumns = [
  "username",
  "node",
  "hostname",
  "id",
  "level",
  "created",
  "type",
  "occurred",
  "source",
  "source_event_id",
  "source_type_words",
  "description",
] as const satisfies readonly (keyof EventTable)[];

export type MaasEventRow = Pick<EventTable, (typeof shownColumns)[number]>;

/**
 * A page of events as MAAS's API prints it, byte for byte: four blanks a level, no newline at the end.
 *
 * Written out by hand, since it is most of what a page costs.
 */
export function renderEventPage(events: readonly MaasEventRow[], nextUri: string, prevUri: string | null): string {
  const list = events.length === 0 ? "[]" : `[\n${events.map(renderEvent).join(",\n")}\n    ]`;
  return `{
    "count": ${events.length},
    "events": ${list},
    "next_uri": ${JSON.stringify(nextUri)},
    "prev_uri": ${JSON.stringify(prevUri)}
}`;
}

function renderEvent(event: MaasEventRow): string {
  return `        {
            "username": ${JSON.stringify(event.username ?? "unknown")},
            "node": ${JSON.stringify(event.node)},
            "hostname": ${JSON.stringify(event.hostname ?? "")},
            "id": ${event.id},
            "level": "${levelName(event.level)}",
            "created": "${maasTime(shownTime(event))}",
            "type": ${JSON.stringify(shownType(event))},
            "description": ${JSON.stringify(shownDescription(event))}
        }`;
}

/**
 * MAAS has no field for an event's source. An audit event that another program has reported says so in its type: nobody is
 * to take it for Ironlog's own.
 */
function shownType({ type, source, level, source_type_words: words }: MaasEventRow): string {
  if (words !== null) return words;
  return source !== "ironlog" && level === levelNumbers.AUDIT ? `${typeWords(type)} (external)` : typeWords(type);
}

/** A mirrored event has the time that its own MAAS shows. */
function shownTime(event: MaasEventRow): number {
  return isMirrored(event) ? (event.occurred ?? event.created) : event.created;
}

/** What an event says to people: that of a mirrored one as its own MAAS would show it. */
export function shownDescription(
  event: Pick<EventTable, "description" | "source" | "source_event_id" | "level" | "username">,
): string {
  const text = event.description ?? "";
  return isMirrored(event) && event.level === levelNumbers.AUDIT ? renderedDescription(text, event.username) : text;
}

/**
 * A description as its MAAS shows it: a template of Python in which only a user's name is filled in. A text with any other
 * percent sign is shown as it is, where MAAS itself would fail.
 */
export function renderedDescription(description: string, username: string | null): string {
  if (description.replaceAll(/%\(username\)s|%%/g, "").includes("%")) return description;
  return description.replaceAll(/%\(username\)s|%%/g, (found) => (found === "%%" ? "%" : (username ?? "unknown")));
}

/** The words for an event type; a type that came from outside is shown as it is. */
export function typeWords(type: string): string {
  return words.get(type) ?? type;
}

const words = new Map<string, string>(Object.entries(eventTypes));
