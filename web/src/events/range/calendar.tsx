import { type KeyboardEvent, useEffect, useId, useLayoutEffect, useRef, useState } from "react";
import { dayMs } from "./time-range.ts";

// Days are midnights in UTC here, in milliseconds, whatever the zone: a calendar has no clock.

const weeks = 6;
const weekdays = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"] as const;
const month = new Intl.DateTimeFormat("en-GB", { month: "long", year: "numeric", timeZone: "UTC" });
const whole = new Intl.DateTimeFormat("en-GB", { dateStyle: "full", timeZone: "UTC" });

interface CalendarProps {
  readonly today: number;
  /** The first and the last day that are chosen. */
  readonly chosen: { readonly first: number; readonly last: number } | undefined;
  readonly onDay: (day: number, isFurther: boolean) => void;
}

/** A month of days, by pointer or keyboard. Shift takes the days up to there. */
export function Calendar({ today, chosen, onDay }: CalendarProps) {
  const id = useId();
  const first = chosen?.first;
  const [at, setAt] = useState(chosen?.last ?? today);
  /** Counts the moves by key, which take the focus along. */
  const [moves, setMoves] = useState(0);
  const table = useRef<HTMLTableElement>(null);
  useEffect(() => {
    if (first !== undefined) setAt((day) => (chosen !== undefined && day <= chosen.last && day >= first ? day : first));
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- when another range is chosen, and not whenever it is drawn
  }, [first, chosen?.last]);
  useLayoutEffect(() => {
    if (moves > 0) table.current?.querySelector<HTMLElement>("[tabindex='0']")?.focus();
  }, [moves]);
  const turn = (by: number): void => setAt(monthLater(at, by));
  const press = (event: KeyboardEvent): void => {
    const weekday = weekdayOf(at);
    const steps: Readonly<Record<string, number>> = {
      ArrowLeft: at - dayMs,
      ArrowRight: at + dayMs,
      ArrowUp: at - 7 * dayMs,
      ArrowDown: at + 7 * dayMs,
      Home: at - weekday * dayMs,
      End: at + (6 - weekday) * dayMs,
      PageUp: monthLater(at, -1),
      PageDown: monthLater(at, 1),
    };
    const to = steps[event.key];
    if (to === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    setAt(to);
    setMoves((before) => before + 1);
  };
  const start = new Date(at);
  const monthStart = Date.UTC(start.getUTCFullYear(), start.getUTCMonth(), 1);
  const gridStart = monthStart - weekdayOf(monthStart) * dayMs;
  return (
    <div className="ui-calendar">
      <div className="ui-calendar__head">
        <button type="button" className="p-button--base has-icon" onClick={() => turn(-1)}>
          <i className="p-icon--chevron-left">Month before</i>
        </button>
        <span id={id} aria-live="polite">
          {month.format(at)}
        </span>
        <button type="button" className="p-button--base has-icon" onClick={() => turn(1)}>
          <i className="p-icon--chevron-right">Month after</i>
        </button>
      </div>
      <table ref={table} role="grid" aria-labelledby={id} onKeyDown={press}>
        <thead>
          <tr>
            {weekdays.map((day) => (
              <th key={day} scope="col" abbr={day}>
                {day.slice(0, 2)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {Array.from({ length: weeks }, (_, week) => (
            <tr key={week}>
              {weekdays.map((name, weekday) => {
                const day = gridStart + (week * 7 + weekday) * dayMs;
                const isChosen = chosen !== undefined && day >= chosen.first && day <= chosen.last;
                return (
                  <td key={name} role="gridcell" aria-selected={isChosen}>
                    <button
                      type="button"
                      tabIndex={day === at ? 0 : -1}
                      className={new Date(day).getUTCMonth() === start.getUTCMonth() ? undefined : "is-other-month"}
                      aria-label={whole.format(day)}
                      {...(day === today && { "aria-current": "date" })}
                      onClick={(event) => {
                        setAt(day);
                        onDay(day, event.shiftKey);
                      }}
                    >
                      {new Date(day).getUTCDate()}
                    </button>
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** 0 for Monday. */
function weekdayOf(day: number): number {
  return (new Date(day).getUTCDay() + 6) % 7;
}

/** The same day of another month, or its last one. */
function monthLater(day: number, by: number): number {
  const at = new Date(day);
  const [year, of] = [at.getUTCFullYear(), at.getUTCMonth() + by];
  const last = new Date(Date.UTC(year, of + 1, 0)).getUTCDate();
  return Date.UTC(year, of, Math.min(at.getUTCDate(), last));
}
