import { localTime } from "../../page/text/time.tsx";
import { visible } from "../../page/text/visible.ts";
import type { Column } from "../columns/column.ts";
import { descriptionOf, type Event, originWords, sourceName, targetOf } from "../event/event.ts";

/** What a column of the list has of an event, as text. */
export function printedValue(event: Event, column: Column): string {
  const value = valueOf(event, column);
  return value === null || value === "" ? "—" : visible(value);
}

function valueOf(event: Event, column: Column): string | null {
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
      return [descriptionOf(event), originWords(event)].filter((words) => words !== undefined).join(" · ");
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
