import type { EventTable } from "../../database/tables.ts";
import { wordsOf } from "./words.ts";

/** What of an event is searched. */
export const searchedColumns = [
  "username",
  "ip",
  "target_id",
  "target_name",
  "description",
  "details",
  "node",
  "hostname",
] as const satisfies readonly (keyof EventTable)[];

export type SearchedEvent = Pick<EventTable, (typeof searchedColumns)[number]>;

/** The words by which an event is found, each once. */
export function wordsOfEvent(event: SearchedEvent): ReadonlySet<string> {
  const words = new Set<string>();
  for (const text of textsOfEvent(event)) for (const word of wordsOf(text)) words.add(word);
  return words;
}

/** Its texts: columns, and of the details each text and number, without the names of members. */
export function textsOfEvent({ details, ...columns }: SearchedEvent): readonly string[] {
  const { username, ip, target_id: id, target_name: name, description, node, hostname } = columns;
  const texts = [username, ip, id, name, description, node, hostname].filter((text) => text !== null);
  return details === null ? texts : [...texts, ...leavesOf(details)];
}

function leavesOf(json: string): readonly string[] {
  let whole: unknown;
  try {
    whole = JSON.parse(json);
  } catch {
    // Damaged, and still to be found.
    return [json];
  }
  const leaves: string[] = [];
  const open = [whole];
  // Not by recursion: whoever reports chooses the depth.
  while (open.length > 0) {
    const value = open.pop();
    if (typeof value === "string") leaves.push(value);
    else if (typeof value === "number") leaves.push(String(value));
    else if (typeof value === "object" && value !== null) for (const inner of Object.values(value)) open.push(inner);
  }
  return leaves;
}
