import { useState } from "react";
import { AsidePanel } from "../../page/aside-panel.tsx";
import { useZone, wallTime } from "../../page/text/zone.ts";
import type { FilterTerm } from "../filter/filter-language.ts";
import { parseFilterTime } from "../filter/filter-times.ts";
import { Calendar } from "./calendar.tsx";
import type { Order } from "../list/event-reader.ts";
import { GoToDate } from "./go-to-date.tsx";
import { RangeForm } from "./range-form.tsx";
import {
  boundsOf,
  dayMs,
  moved,
  presets,
  rangeOf,
  rangeWords,
  type TimeRange,
  withRange,
  zoomedOut,
} from "./time-range.ts";

interface RangePanelProps {
  readonly terms: readonly FilterTerm[];
  readonly onApply: (terms: readonly FilterTerm[]) => void;
  /** Lets the list begin at a time, with the same filter. */
  readonly onGo: (at: string) => void;
  readonly order: Order;
  readonly onClose: () => void;
}

/** Chooses the time that the filter asks for: the same `since` and `until` as in its text. */
export function RangePanel({ terms, order, onApply, onGo, onClose }: RangePanelProps) {
  const zone = useZone();
  const now = Date.now();
  const range = rangeOf(terms);
  const apply = (wanted: TimeRange): void => onApply(withRange(terms, wanted));
  const [begun, setBegun] = useState<{ readonly day: number; readonly range: TimeRange }>();
  // Where another range was chosen since then, a day is the first of its own.
  const isFirst = begun === undefined || begun.range.since !== range.since || begun.range.until !== range.until;
  const chooseDay = (day: number, isFurther: boolean): void => {
    const other = isFirst ? (isFurther ? chosen?.first : undefined) : begun.day;
    const [first, last] = other === undefined ? [day, day] : [Math.min(day, other), Math.max(day, other)];
    const [since, until] = [dayText(first), dayText(last + dayMs)].map(parseFilterTime);
    const wanted = { ...(since !== undefined && { since }), ...(until !== undefined && { until }) };
    setBegun(other === undefined ? { day, range: wanted } : undefined);
    apply(wanted);
  };
  const bounds = boundsOf(range, now);
  const chosen = bounds && { first: dayOf(bounds.from), last: dayOf(Math.max(bounds.from, bounds.to - 1)) };
  return (
    <AsidePanel title="Time" onClose={onClose}>
      <p aria-live="polite">
        <strong>{rangeWords(range, now)}</strong> <span className="u-text--muted">in {zone}</span>
      </p>
      <div className="ui-range__steps" role="group" aria-label="Earlier, later, longer">
        <Step words="Earlier" to={(at) => moved(range, -1, at)} onApply={apply} />
        <Step words="Later" to={(at) => moved(range, 1, at)} onApply={apply} />
        <Step words="Zoom out" to={(at) => zoomedOut(range, at)} onApply={apply} />
      </div>
      <div className="ui-range__presets" role="group" aria-label="Often wanted">
        {presets.map((preset) => {
          const words = rangeWords(preset, now);
          return (
            <button
              key={words}
              type="button"
              className="p-chip"
              aria-pressed={preset.since === range.since && preset.until === range.until}
              onClick={() => apply(preset)}
            >
              <span className="p-chip__value">{words}</span>
            </button>
          );
        })}
      </div>
      <Calendar today={dayOf(now)} chosen={chosen} onDay={chooseDay} />
      <p className="p-form-help-text">
        {isFirst
          ? "A day alone; another one after it takes all between."
          : "Choose the other end, or the same day again."}
      </p>
      <RangeForm range={range} now={now} onApply={apply} />
      <GoToDate order={order} onGo={onGo} />
    </AsidePanel>
  );
}

interface StepProps {
  readonly words: string;
  /** Undefined where there is no such range, at a time in milliseconds. */
  readonly to: (at: number) => TimeRange | undefined;
  readonly onApply: (range: TimeRange) => void;
}

function Step({ words, to, onApply }: StepProps) {
  return (
    <button
      type="button"
      className="p-button is-dense"
      // Not `disabled`: what can't go on keeps the focus.
      aria-disabled={to(Date.now()) === undefined}
      onClick={() => {
        // The page may be hours older than the click.
        const range = to(Date.now());
        if (range !== undefined) onApply(range);
      }}
    >
      {words}
    </button>
  );
}

/** The day of a time in the zone, as calendars have it. */
function dayOf(time: number): number {
  const { year, month, day } = wallTime(new Date(time));
  return Date.UTC(year, month, day);
}

function dayText(day: number): string {
  return new Date(day).toISOString().slice(0, 10);
}
