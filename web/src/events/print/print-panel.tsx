import { useState } from "react";
import { AsidePanel } from "../../page/aside-panel.tsx";
import { counted, grouped } from "../../page/text/grouped.ts";
import { announce } from "../../shell/live-region.tsx";
import type { EventStore } from "../list/event-store.ts";
import type { Shown } from "../list/shown.ts";

/** So many rows are read for printing, and no more: an export has all. */
export const printedMax = 2_000;

interface PrintPanelProps {
  readonly store: EventStore;
  readonly shown: Shown;
  /** How many match, in words; undefined while they are counted. */
  readonly total: string | undefined;
  readonly onClose: () => void;
}

/** Prints what is loaded, or more of it first. */
export function PrintPanel({ store, shown, total, onClose }: PrintPanelProps) {
  const [isReading, setReading] = useState(false);
  const canRead = !shown.isAtEnd && shown.rowCount < printedMax;
  const read = async (): Promise<void> => {
    setReading(true);
    await readUpTo(store, printedMax);
    setReading(false);
    announce(`${grouped(store.shown().rowCount)} events are loaded.`);
  };
  return (
    <AsidePanel title="Print" onClose={onClose}>
      <p aria-live="polite">
        {loadedWords(shown.rowCount, total)}, and printed with the filter, its time and the time zone.
      </p>
      <p className="u-text--muted">To have all of many events, export them.</p>
      <button
        type="button"
        className="p-button--positive"
        aria-disabled={isReading}
        onClick={() => !isReading && print()}
      >
        Print {counted(shown.rowCount, "event")}
      </button>
      <button
        type="button"
        className="p-button"
        aria-disabled={!canRead || isReading}
        onClick={() => canRead && !isReading && void read()}
      >
        {isReading ? "Loading…" : `Load up to ${grouped(printedMax)} first`}
      </button>
    </AsidePanel>
  );
}

function loadedWords(rows: number, total: string | undefined): string {
  const verb = rows === 1 ? "is" : "are";
  if (total === undefined) return `${counted(rows, "event")} ${verb} loaded`;
  return `${grouped(rows)} of ${total} ${verb} loaded`;
}

/** Reads on until so many rows are held, if there are as many and nothing is in the way. */
async function readUpTo(store: EventStore, rows: number): Promise<void> {
  const isOver = (): boolean => {
    const { rowCount, isAtEnd, isStopped, error } = store.shown();
    return rowCount >= rows || isAtEnd || isStopped || error !== null;
  };
  while (!isOver()) await store.readOn();
}
