import type { Shown } from "./shown.ts";
import type { Counts } from "../histogram-words.ts";

interface EventCountProps {
  /** Undefined until they were counted. */
  readonly counts: Counts | undefined;
  readonly shown: Shown;
}

/** How many events match. A `+` says that there may be more. */
export function EventCount({ counts, shown }: EventCountProps) {
  return <span className="ui-count u-text--muted">{countWords(counts, shown)}</span>;
}

function countWords(counts: Counts | undefined, { rowCount, isAtEnd, isRebased }: Shown): string {
  // A list that was read from its beginning to its end is a count by itself.
  if (isAtEnd && !isRebased) return words(rowCount, "");
  if (counts === undefined) return "Counting…";
  const isWhole = counts.counted_since === counts.since;
  return isWhole ? words(counts.counted, "") : words(Math.max(counts.counted, rowCount), "+");
}

function words(count: number, more: "" | "+"): string {
  return `${count.toLocaleString("en-GB")}${more} ${count === 1 && more === "" ? "event" : "events"}`;
}
