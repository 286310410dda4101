import { memo, type PointerEvent, useId, useRef, useState } from "react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { request } from "../api/request.ts";
import { useZone } from "../page/text/zone.ts";
import { refusalOf } from "./search/refusal.ts";
import { Axis, BarValue } from "./bars/axis.tsx";
import { CountsTable } from "./counts-table.tsx";
import {
  type Counts,
  describeRange,
  limitation,
  type Range,
  shortTime,
  summary,
  uncountedBins,
} from "./histogram-words.ts";

const refetchMs = 10_000;

/** How many events of a filter there were, and when. `readings` counts how often the filter was asked for anew. */
export function useHistogram(query: URLSearchParams, isLive: boolean, readings: number) {
  const zone = useZone();
  const { data, isPlaceholderData, failureReason } = useQuery({
    queryKey: ["events", "histogram", query.toString(), readings, zone],
    queryFn: ({ signal }) => {
      const zoned = new URLSearchParams(query);
      zoned.set("time_zone", zone);
      return request("GET /events/histogram", { query: zoned, signal });
    },
    placeholderData: keepPreviousData,
    // One that has failed is asked for again too: the list beside it has a button for that, the bars have none.
    refetchInterval: ({ state }) =>
      isLive || (state.status === "error" && refusalOf(state.error) === undefined) ? refetchMs : false,
  });
  // What was counted for another filter stays for a moment, so that nothing jumps; it is shown to be that.
  const isFailing = failureReason !== null;
  return { data, isStale: isPlaceholderData || isFailing, failure: failureReason };
}

interface HistogramProps {
  readonly counts: Counts | undefined;
  /** Why they can't be counted; null where they can. */
  readonly failure: Error | null;
  /** True while the counts are those of another filter. */
  readonly isStale: boolean;
  /** Narrows the list to a range of time: since ≤ t < until, RFC 3339. */
  readonly onRange: (since: string, until: string) => void;
}

/** Events over time, failures at the foot. Drag, or use the arrow keys with Shift and Enter, to narrow the range. */
export const Histogram = memo(function Histogram({ counts: newest, failure, isStale, onRange }: HistogramProps) {
  const zone = useZone();
  const [range, setRange] = useState<Range>();
  // While a range is being chosen the bars stand still: what is chosen are their places.
  const held = useRef(newest);
  if (range === undefined) held.current = newest;
  const counts = held.current;
  const [isDragging, setDragging] = useState(false);
  const [pointed, setPointed] = useState<number>();
  const [hasFocus, setFocus] = useState(false);
  const [isTable, setTable] = useState(false);
  const chart = useRef<HTMLDivElement>(null);
  const summaryId = useId();
  const bins = counts?.bins ?? [];
  const last = bins.length - 1;
  const binAt = (event: PointerEvent): number => {
    const box = chart.current?.getBoundingClientRect();
    if (box === undefined || box.width === 0) return 0;
    return clamp(Math.floor(((event.clientX - box.left) / box.width) * bins.length), last);
  };
  const apply = ({ anchor, at }: Range): void => {
    const first = bins[Math.min(anchor, at)];
    if (first === undefined || counts === undefined) return;
    onRange(first.start, bins[Math.max(anchor, at) + 1]?.start ?? counts.until);
    setRange(undefined);
  };
  const move = (event: React.KeyboardEvent): void => {
    if (isStale) return;
    const step = event.key === "ArrowLeft" ? -1 : event.key === "ArrowRight" ? 1 : 0;
    if (step !== 0) {
      event.preventDefault();
      const at = clamp((range?.at ?? (step > 0 ? -1 : last + 1)) + step, last);
      setRange({ anchor: event.shiftKey ? (range?.anchor ?? at) : at, at });
    } else if (event.key === "Enter" && range !== undefined) {
      event.preventDefault();
      apply(range);
    } else if (event.key === "Escape" && range !== undefined) {
      event.preventDefault();
      setRange(undefined);
    }
  };
  const isPointed = range === undefined && pointed !== undefined && pointed <= last;
  const shownRange = isPointed ? { anchor: pointed, at: pointed } : range;
  const described = isStale ? "Counting" : describeRange(counts, range);
  return (
    <div className={`ui-histogram ${isStale ? "is-stale" : ""}`} aria-busy={isStale}>
      <div
        ref={chart}
        className="ui-histogram__chart"
        role="slider"
        tabIndex={0}
        aria-label="Events over time"
        aria-describedby={summaryId}
        aria-valuemin={0}
        aria-valuemax={Math.max(0, last)}
        aria-valuenow={range?.at ?? Math.max(0, last)}
        aria-valuetext={described}
        onKeyDown={move}
        onPointerDown={(event) => {
          if (event.button !== 0 || bins.length === 0 || isStale) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          const at = binAt(event);
          setDragging(true);
          setRange({ anchor: at, at });
        }}
        onPointerMove={(event) => {
          const at = binAt(event);
          setPointed(event.pointerType === "mouse" ? at : undefined);
          if (isDragging) setRange((now) => ({ anchor: now?.anchor ?? at, at }));
        }}
        onPointerUp={() => {
          setDragging(false);
          if (isDragging && range !== undefined) apply(range);
        }}
        onPointerLeave={() => setPointed(undefined)}
        onFocus={() => setFocus(true)}
        onBlur={() => setFocus(false)}
        onPointerCancel={() => {
          setDragging(false);
          setRange(undefined);
        }}
      >
        {counts !== undefined && <Uncounted counts={counts} />}
        <Bars bins={bins} range={shownRange} />
        {counts !== undefined && !isStale && (shownRange !== undefined || hasFocus) && (
          <BarValue counts={counts} at={shownRange?.at} words={describeRange(counts, shownRange)} />
        )}
      </div>
      <Axis counts={counts} />
      <div className="ui-histogram__legend">
        <span>{counts === undefined ? "\u00a0" : shortTime(counts.since)}</span>
        <span>
          {failure !== null
            ? refusalOf(failure) === undefined
              ? "Can't be counted now. Trying again."
              : "Not counted."
            : isStale
              ? "Counting…"
              : limitation(counts) || `Times in ${zone}`}
        </span>
        <span>{counts === undefined ? "" : shortTime(counts.until)}</span>
      </div>
      <p id={summaryId} className="u-off-screen">
        {isStale ? "Counting." : summary(counts)}
      </p>
      <button
        type="button"
        className="ui-histogram__as-table"
        onClick={() => setTable((shown) => !shown)}
        aria-expanded={isTable}
      >
        {isTable ? "Hide the table" : "Show as table"}
      </button>
      {isTable && <CountsTable counts={counts} />}
    </div>
  );
});

/** Hatched: where nothing was counted, and at the foot where only failures weren't. */
function Uncounted({ counts }: { readonly counts: Counts }) {
  const percent = (since: string): number => (100 * uncountedBins(counts, since)) / counts.bins.length;
  const [events, failures] = [percent(counts.counted_since), percent(counts.failures_counted_since)];
  return (
    <>
      <div className="ui-histogram__uncounted" style={{ width: `${events}%` }} data-testid="uncounted" />
      <div
        className="ui-histogram__uncounted is-failures"
        style={{ left: `${events}%`, width: `${Math.max(0, failures - events)}%` }}
        data-testid="uncounted-failures"
      />
    </>
  );
}

function Bars({ bins, range }: { readonly bins: Counts["bins"]; readonly range: Range | undefined }) {
  const highest = Math.max(1, ...bins.map(({ count }) => count));
  const width = 60 / Math.max(1, bins.length);
  return (
    <svg viewBox="0 0 60 100" preserveAspectRatio="none" aria-hidden="true">
      {range !== undefined && (
        <rect
          className="ui-histogram__range"
          x={Math.min(range.anchor, range.at) * width}
          width={(Math.abs(range.at - range.anchor) + 1) * width}
          y={0}
          height={100}
        />
      )}
      {bins.map(({ start, count, failures }, at) => {
        if (count === 0) return null;
        // Even one event among thousands is seen.
        const height = Math.max(3, (count / highest) * 100);
        const failed = failures === 0 ? 0 : Math.max(3, (failures / highest) * 100);
        const bar = { x: at * width + width * 0.08, width: width * 0.84 };
        return (
          <g key={start}>
            <rect className="ui-histogram__bar" {...bar} y={100 - height} height={height} />
            {failed > 0 && <rect className="ui-histogram__failures" {...bar} y={100 - failed} height={failed} />}
          </g>
        );
      })}
    </svg>
  );
}

function clamp(value: number, last: number): number {
  return Math.min(Math.max(0, value), Math.max(0, last));
}
