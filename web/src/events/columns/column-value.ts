import { localTime } from "../../page/text/time.tsx";
import { descriptionOf, type Event, sourceName, targetOf } from "../event/event.ts";
import type { Column } from "./column.ts";

/** What a column has of an event; null or nothing where the event has none. */
export function columnValue(event: Event, column: Column): string | null {
  switch (column) {
    case "time":
      return localTime(event.created);
    case "level":
      return event.level.toLowerCase();
    case "user":
      return event.username;
    case "type":
      return event.type_words;
    case "description":
      return descriptionOf(event);
    case "target":
      return targetOf(event);
    case "node":
      return event.hostname ?? event.node;
    case "source":
      return sourceName(event.source);
    case "reported_by":
      return event.reporter;
    case "action":
    case "ip":
    case "outcome":
    case "session":
    case "key":
      return event[column];
  }
}
