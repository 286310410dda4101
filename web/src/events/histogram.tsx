import { memo, type PointerEvent, useId, useRef, useState } from "react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { type Answer, request } from "../api/request.ts";
import { localTime, zone } from "../page/time.tsx";

type Counts = Answer<"GET /events/histogram">;

const refetchMs = 10_000;

/** How many events of a filter there were, and when. */
export function useHistogram(query: URLSearchParams, isLive: boolean) {
  return useQuery({
    queryKey: ["events", "histogram", query.toString()],
    queryFn: ({ signal }) => {
      const zoned = new URLSearchParams(query);
      zoned.set("time_zone", zone);
      return request("GET /events/histogram", { query: zoned, signal });
    },
    placeholderData: keepPreviousData,
    // One that has failed is asked for again too: the list beside it has a button for that, the bars have none.
    refetchInterval: ({ state }) => (isLive || state.status === "error" ? refetchMs : false),
  });
}

interface HistogramProps {
  readonly counts: Counts | undefined;
  readonly isFailing: boolean;
  /** Narrows the list to a range of time: since ≤ t < until, RFC 3339. */
  readonly onRange: (since: string, until: string) => void;
}

interface Range {
  readonly anchor: number;
  readonly at: number;
}

/** Events over time, failures at the foot. Drag, or use the arrow keys with Shift and Enter, to narrow the range. */
export const Histogram = memo(function Histogram({ counts: newest, isFailing, onRange }: HistogramProps) {
  const [range, setRange] = useState<Range>();
  // While a range is being chosen the bars stand still: what is chosen are their places.
  const held = useRef(newest);
  if (range === undefined) held.current = newest;
  const counts = held.current;
  const [isDragging, setDragging] = useState(false);
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
  const described = describe(counts, range);
  return (
    <div className="ui-histogram">
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
          if (event.button !== 0 || bins.length === 0) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          const at = binAt(event);
          setDragging(true);
          setRange({ anchor: at, at });
        }}
        onPointerMove={(event) => {
          const at = binAt(event);
          if (isDragging) setRange((now) => ({ anchor: now?.anchor ?? at, at }));
        }}
        onPointerUp={() => {
          setDragging(false);
          if (isDragging && range !== undefined) apply(range);
        }}
        onPointerCancel={() => {
          setDragging(false);
          setRange(undefined);
        }}
      >
        <Bars bins={bins} range={range} />
      </div>
      <div className="ui-histogram__legend">
        <span>{counts === undefined ? "\u00a0" : shortTime(counts.since)}</span>
        <span>
          {range !== undefined ? described : isFailing ? "Can't be counted now. Trying again." : limitation(counts)}
        </span>
        <span>{counts === undefined ? "" : shortTime(counts.until)}</span>
      </div>
      <p id={summaryId} className="u-off-screen">
        {summary(counts)}
      </p>
      <button
        type="button"
        className="ui-histogram__as-table"
        onClick={() => setTable((shown) => !shown)}
        aria-expanded={isTable}
      >
        {isTable ? "Hide the table" : "Show as table"}
      </button>
      {isTable && <CountsTable bins={bins} />}
    </div>
  );
});

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

function CountsTable({ bins }: { readonly bins: Counts["bins"] }) {
  return (
    <div className="ui-histogram__table" tabIndex={0} role="region" aria-label="Events over time, as a table">
      <table>
        <thead>
          <tr>
            <th>From</th>
            <th>Events</th>
            <th>Failures</th>
          </tr>
        </thead>
        <tbody>
          {bins
            .filter(({ count }) => count > 0)
            .map(({ start, count, failures }) => (
              <tr key={start}>
                <td>{localTime(start)}</td>
                <td>{number(count)}</td>
                <td>{number(failures)}</td>
              </tr>
            ))}
        </tbody>
      </table>
    </div>
  );
}

const days = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "short",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
});

function shortTime(time: string): string {
  return days.format(new Date(time));
}

function number(value: number): string {
  return value.toLocaleString("en-GB");
}

function counted(count: number, failures: number): string {
  return `${number(count)} ${count === 1 ? "event" : "events"}, ${number(failures)} ${failures === 1 ? "failure" : "failures"}`;
}

function describe(counts: Counts | undefined, range: Range | undefined): string {
  if (counts === undefined) return "Loading";
  if (range === undefined) return summary(counts);
  const chosen = counts.bins.slice(Math.min(range.anchor, range.at), Math.max(range.anchor, range.at) + 1);
  const [first] = chosen;
  if (first === undefined) return "";
  const events = chosen.reduce((sum, { count }) => sum + count, 0);
  const failures = chosen.reduce((sum, bin) => sum + bin.failures, 0);
  const end = counts.bins[Math.max(range.anchor, range.at) + 1]?.start ?? counts.until;
  const span = chosen.length === 1 ? shortTime(first.start) : `${shortTime(first.start)} to ${shortTime(end)}`;
  return `${span}: ${counted(events, failures)}`;
}

function summary(counts: Counts | undefined): string {
  if (counts === undefined) return "";
  const failures = counts.bins.reduce((sum, bin) => sum + bin.failures, 0);
  return `${counted(counts.counted, failures)} from ${shortTime(counts.since)} to ${shortTime(counts.until)}.`;
}

/** What the bars leave out, if anything. */
function limitation(counts: Counts | undefined): string {
  return counts === undefined || counts.is_exact ? "" : `Newest ${number(counts.counted)} matches only`;
}

function clamp(value: number, last: number): number {
  return Math.min(Math.max(0, value), Math.max(0, last));
}
