import { visible } from "../../page/text/visible.ts";
import type { Column } from "../columns/column.ts";
import { columnValue } from "../columns/column-value.ts";
import { type Event, originWords } from "../event/event.ts";

/** What a column of the list has of an event, as text; of a description also who says so. */
export function printedValue(event: Event, column: Column): string {
  const origin = column === "description" ? originWords(event) : undefined;
  const value = [columnValue(event, column), origin].filter((words) => words != null).join(" · ");
  return value === "" ? "—" : visible(value);
}
