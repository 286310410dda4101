import type { Shown } from "./shown.ts";
import type { Counts } from "../histogram-words.ts";
import { grouped } from "../../page/text/grouped.ts";

/** How many events match, and what a reader sees who doesn't see everything. */
export function EventCount({
  total,
  seenPart,
}: {
  readonly total: string | undefined;
  readonly seenPart: string | undefined;
}) {
  return (
    <>
      <span className="ui-count u-text--muted">{total ?? "Counting…"}</span>
      {seenPart !== undefined && <span className="ui-count u-text--muted">{seenPart}</span>}
    </>
  );
}

/** How many match, in words: `1,204 events`; undefined while they are counted. A `+` says that there may be more. */
export function countWords(counts: Counts | undefined, { rowCount, isAtEnd, isRebased }: Shown): string | undefined {
  // A list that was read from its beginning to its end is a count by itself.
  if (isAtEnd && !isRebased) return words(rowCount, "");
  if (counts === undefined) return undefined;
  const isWhole = counts.counted_since === counts.since;
  return isWhole ? words(counts.counted, "") : words(Math.max(counts.counted, rowCount), "+");
}

function words(count: number, more: "" | "+"): string {
  return `${grouped(count)}${more} ${count === 1 && more === "" ? "event" : "events"}`;
}
