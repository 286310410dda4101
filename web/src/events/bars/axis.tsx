import { useMemo } from "react";
import type { Counts } from "../histogram-words.ts";
import { useZone } from "../../page/text/zone.ts";
import { ticksOf } from "./ticks.ts";

/** When the bars are. Those who don't see them hear the times of each bar. */
export function Axis({ counts }: { readonly counts: Counts | undefined }) {
  const zone = useZone();
  const starts = counts?.bins.map(({ start }) => start) ?? [];
  const key = starts.join(" ");
  // oxlint-disable-next-line react-hooks/exhaustive-deps -- the same bins have the same ticks, in the same zone
  const ticks = useMemo(() => ticksOf(starts), [key, zone]);
  return (
    <div className="ui-histogram__axis" aria-hidden="true" title={`Times in ${zone}`}>
      {ticks.map(({ at, words }) => (
        <span key={starts[at]} className="ui-histogram__tick" style={{ left: `${(100 * at) / starts.length}%` }}>
          {words}
        </span>
      ))}
    </div>
  );
}

interface BarValueProps {
  readonly counts: Counts;
  /** Beside which bar it stands; undefined for the middle. */
  readonly at: number | undefined;
  readonly words: string;
}

/** What a bar says, beside it. Those who don't see it hear it from the bars. */
export function BarValue({ counts, at, words }: BarValueProps) {
  const place = at === undefined ? 0.5 : (at + 0.5) / Math.max(1, counts.bins.length);
  return (
    <div
      className="ui-histogram__value"
      aria-hidden="true"
      // Never beyond the edge, however long it is.
      style={{ left: `${place * 100}%`, transform: `translateX(-${place * 100}%)` }}
    >
      {words}
    </div>
  );
}
