import { useContext } from "react";
import { visible } from "../../page/text/visible.ts";
import type { Event } from "../event/event.ts";
import { Marked, SoughtContext } from "./marked.tsx";
import { marksOf, type Sought } from "./sought.ts";

/** Of a long text so much is shown before and behind what was found. */
const beforeMax = 16;
const behindMax = 24;

/** What a search has found where the row doesn't show it: in the target or the details. */
export function FoundElsewhere({ event }: { readonly event: Event }) {
  const sought = useContext(SoughtContext);
  const text = sought === undefined ? undefined : foundElsewhere(event, sought);
  if (text === undefined) return null;
  return (
    <span className="ui-found" title={text}>
      <span className="u-off-screen">found: </span>
      <Marked text={text} />
    </span>
  );
}

/** The part around what a row's cells lack; undefined where they have all of it. */
function foundElsewhere(event: Event, sought: Sought): string | undefined {
  const { username, ip, description, node, hostname, target_name: name, target_id: id, details } = event;
  const shown = [username, ip, description, hostname ?? node].flatMap((text) => (text === null ? [] : [text]));
  const isLacking = (part: Sought): boolean => shown.every((text) => marksOf(text, part).length === 0);
  const lacking: Sought = {
    texts: sought.texts.filter((text) => isLacking({ texts: [text], addresses: [] })),
    addresses: sought.addresses.filter((address) => isLacking({ texts: [], addresses: [address] })),
  };
  if (lacking.texts.length + lacking.addresses.length === 0) return undefined;
  for (const text of [...[name, id, node].filter((one) => one !== null), ...leavesOf(details)]) {
    const [mark] = marksOf(text, lacking);
    if (mark === undefined) continue;
    const [start, end] = [Math.max(0, mark.start - beforeMax), mark.end + behindMax];
    return visible(`${start > 0 ? "…" : ""}${text.slice(start, end)}${end < text.length ? "…" : ""}`);
  }
  return undefined;
}

/** The texts and numbers in an event's details. */
function leavesOf(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  if (typeof value === "number") return [String(value)];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(leavesOf) : [];
}
