import { eventTypes } from "../../audit/kinds.ts";
import type { EventTable } from "../../database/tables.ts";
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
  "source",
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
            "created": "${maasTime(event.created)}",
            "type": ${JSON.stringify(shownType(event))},
            "description": ${JSON.stringify(event.description ?? "")}
        }`;
}

/**
 * MAAS has no field for an event's source. An audit event that another program has reported says so in its type: nobody is
 * to take it for Ironlog's own.
 */
function shownType({ type, source, level }: MaasEventRow): string {
  return source === "external" && level === levelNumbers.AUDIT ? `${typeWords(type)} (external)` : typeWords(type);
}

/** The words for an event type; a type that came from outside is shown as it is. */
export function typeWords(type: string): string {
  return words.get(type) ?? type;
}

const words = new Map<string, string>(Object.entries(eventTypes));
