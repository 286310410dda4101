import { useEffect, useState } from "react";
import { flushSync } from "react-dom";
import { grouped } from "../../page/text/grouped.ts";
import { localTime } from "../../page/text/time.tsx";
import { zoneName } from "../../page/text/zone.ts";
import { visible } from "../../page/text/visible.ts";
import { type Column, columnFacts, usualColumns } from "../columns/column.ts";
import type { Event } from "../event/event.ts";
import { type FilterTerm, printFilter } from "../filter/filter-language.ts";
import { resolveTime } from "../filter/filter-times.ts";
import type { Order } from "../list/event-reader.ts";
import type { EventStore } from "../list/event-store.ts";
import { seenTo } from "../list/seen-to.ts";
import type { Shown } from "../list/shown.ts";
import { rangeOf, rangeWords, type TimeRange } from "../range/time-range.ts";
import { isPrinting, PrintSheet } from "./print-sheet.tsx";
import { printedValue } from "./printed-value.ts";

interface PrintedListProps {
  readonly title: string;
  readonly store: EventStore;
  /** `now` is when its relative times were resolved, in milliseconds. */
  readonly filter: { readonly terms: readonly FilterTerm[]; readonly now: number };
  /** How many match, in words; undefined while they are counted. */
  readonly total: string | undefined;
  /** What a reader sees who doesn't see everything. */
  readonly seenPart: string | undefined;
  /** Null for the usual ones. */
  readonly columns: readonly Column[] | null;
  readonly order: Order;
}

/** The rows that are loaded, all of them, in the place of the page while it is printed; nothing otherwise. */
export function PrintedList(props: PrintedListProps) {
  const [isNow, setNow] = useState(false);
  useEffect(() => {
    const before = (): void => {
      // Before the browser looks at the page. An event that is printed by itself stands there already.
      if (!isPrinting()) flushSync(() => setNow(true));
    };
    const after = (): void => setNow(false);
    addEventListener("beforeprint", before);
    addEventListener("afterprint", after);
    return () => {
      removeEventListener("beforeprint", before);
      removeEventListener("afterprint", after);
    };
  }, []);
  return isNow ? <Sheet {...props} /> : null;
}

function Sheet({ title, store, filter: { terms, now }, total, seenPart, columns: chosen, order }: PrintedListProps) {
  const shown = store.shown();
  const rows = Array.from({ length: shown.rowCount }, (_, row) => store.rowAt(row)).filter(
    (event) => event !== undefined,
  );
  const columns = withOutcome(chosen ?? usualColumns);
  const filter = printFilter(terms.filter(({ key }) => key !== "since" && key !== "until"));
  const zone = zoneName();
  return (
    <PrintSheet
      title={title}
      isWide
      facts={[
        ["Filter", filter === "" ? "none" : visible(filter)],
        ["Time", timeWords(rangeOf(terms), now, seenTo(store, now))],
        ["Time zone", zone],
        ["Order", order === "oldest" ? "oldest first" : "newest first"],
        ["Events", printedWords(rows.length, total, shown, order)],
        ...(seenPart === undefined ? [] : [["Note", seenPart] as const]),
      ]}
    >
      <table>
        <thead>
          <tr>
            <th scope="col">Event</th>
            {columns.map((name) => (
              <th key={name} scope="col">
                {name === "time" ? `Time (${zone})` : columnFacts[name].title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((event) => (
            <Row key={event.id} event={event} columns={columns} />
          ))}
        </tbody>
      </table>
    </PrintSheet>
  );
}

function Row({ event, columns }: { readonly event: Event; readonly columns: readonly Column[] }) {
  return (
    <tr>
      <td>{grouped(event.id)}</td>
      {columns.map((name) => (
        <td key={name} className={`is-${name}`}>
          {printedValue(event, name)}
        </td>
      ))}
    </tr>
  );
}

/** On paper no sign and no colour says how it ended. */
function withOutcome(columns: readonly Column[]): readonly Column[] {
  if (columns.includes("outcome")) return columns;
  const at = columns.indexOf("description");
  return at === -1 ? [...columns, "outcome"] : columns.toSpliced(at, 0, "outcome");
}

/** How many of how many are on paper, and what of the list isn't. */
function printedWords(printed: number, total: string | undefined, shown: Shown, order: Order): string {
  const notHeld = shown.rowCount - printed;
  return [
    total === undefined ? `${grouped(printed)} printed; not counted yet` : `${grouped(printed)} printed of ${total}`,
    ...(shown.isRebased ? [`${order === "oldest" ? "older" : "newer"} ones than the first here are left out`] : []),
    ...(notHeld > 0 ? [`${grouped(notHeld)} that are far from where the list stood are left out`] : []),
  ].join("; ");
}

/** The range in words and, where it goes with the clock, what it was. */
function timeWords(range: TimeRange, now: number, seen: number): string {
  const words = rangeWords(range, now);
  if (range.since === undefined && range.until === undefined) return words;
  const at = (value: string | undefined): string =>
    localTime(new Date(value === undefined ? seen : resolveTime(value, now) / 1_000));
  return `${words}: ${range.since === undefined ? "the first event" : at(range.since)} to ${at(range.until)}`;
}
