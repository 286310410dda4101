import { useVirtualizer, defaultRangeExtractor } from "@tanstack/react-virtual";
import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import { announce } from "../../shell/live-region.tsx";
import { Failure } from "../../page/states.tsx";
import type { Column } from "../columns/column.ts";
import { useLayout } from "../columns/use-layout.ts";
import type { View } from "../views/view.ts";
import { EventRow } from "./event-row.tsx";
import { ListHead } from "./list-head.tsx";
import { pageSize } from "./event-reader.ts";
import type { EventStore } from "./event-store.ts";

/** How high a row is, in pixels. */
export type Density = "comfortable" | "compact";

const rowHeights: Readonly<Record<Density, number>> = { comfortable: 36, compact: 28 };
const narrowRowHeight = 56;
const headHeight = 36;

interface EventListProps {
  readonly store: EventStore;
  readonly density: Density;
  /** Null for the usual ones. */
  readonly columns: readonly Column[] | null;
  readonly order: View["order"];
  readonly onOrder: (order: View["order"]) => void;
  readonly selectedId: number | undefined;
  readonly onOpen: (id: number) => void;
  /** Tells whether the list is at its top, where new events may come in without moving what is read. */
  readonly onTop: (isAtTop: boolean) => void;
  /** Adds a term to the filter: Alt and a click in a cell. */
  readonly onFilter: (key: string, value: string) => void;
  readonly isEmpty: React.ReactNode;
  /** What stands below the last row. */
  readonly below: React.ReactNode;
  /** True where the server has refused the filter, which is said at its field. */
  readonly isRefused: boolean;
  /** What is said while nothing has been found yet. */
  readonly waiting: string;
}

/** The events as a grid that holds in the page only the rows that are looked at. */
export function EventList(props: EventListProps) {
  const {
    store,
    density,
    columns: wanted,
    order,
    onOrder,
    selectedId,
    onOpen,
    onTop,
    onFilter,
    isEmpty,
    below,
    isRefused,
    waiting,
  } = props;
  const shown = useSyncExternalStore(store.subscribe, store.shown);
  const scroller = useRef<HTMLDivElement>(null);
  const { isNarrow, columns, template } = useLayout(scroller, wanted);
  const rowHeight = isNarrow ? narrowRowHeight : rowHeights[density];
  const [focused, setFocused] = useState(0);
  /** Counts the moves: also one to the row that it is on already brings the focus there. */
  const [moves, setMoves] = useState(0);
  const { rowCount } = shown;
  const rows = useVirtualizer({
    count: rowCount,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
    // The heading stands above the first row and moves them all down.
    scrollPaddingEnd: isNarrow ? 0 : headHeight,
    // The row that has the focus stays in the page, or scrolling would throw the focus away.
    rangeExtractor: (range) => {
      const inside = defaultRangeExtractor(range);
      return focused >= rowCount || inside.includes(focused) ? inside : [...inside, focused].toSorted((a, b) => a - b);
    },
  });
  useEffect(() => rows.measure(), [rows, rowHeight]);
  const followed = useRef<number>(undefined);
  useEffect(() => {
    // Another list begins at its top, whatever was looked at in the one before, or where the open event is in it.
    followed.current = undefined;
    scroller.current?.scrollTo({ top: 0 });
    setFocused(0);
    onTop(true);
  }, [store, onTop]);
  useEffect(() => {
    // What comes in above moves the rows down, and the one that has the focus with them.
    const row = rowNumberOf(scroller.current?.querySelector(":focus"));
    if (row !== undefined) setFocused(row);
  }, [shown]);
  const above = useRef(shown.addedAbove);
  useEffect(() => {
    // What is read stays where it is; of what was added above it the last row shows.
    const added = shown.addedAbove - above.current;
    above.current = shown.addedAbove;
    if (added <= 0) return;
    rows.scrollToOffset((rows.scrollOffset ?? 0) + (added - 1) * rowHeight);
    setFocused((row) => row + added);
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- once for what was added, not whenever a row changes its height
  }, [shown.addedAbove]);
  const { startIndex = 0, endIndex = 0 } = rows.range ?? {};
  useEffect(() => {
    store.look(startIndex, endIndex + 1);
    const removed = store.rebase();
    if (removed === 0) return;
    rows.scrollToOffset((rows.scrollOffset ?? 0) - removed * rowHeight);
    setFocused((row) => Math.max(0, row - removed));
  }, [store, startIndex, endIndex, rowCount, rows, rowHeight]);
  const move = (to: number): void => {
    const row = Math.min(Math.max(0, to), Math.max(0, rowCount - 1));
    setMoves((before) => before + 1);
    setFocused(row);
    rows.scrollToIndex(row);
  };
  useEffect(() => {
    if (moves === 0) return;
    // After the virtualiser has put the row into the page.
    requestAnimationFrame(() =>
      scroller.current?.querySelector<HTMLElement>(`[data-row="${focused}"]`)?.focus({ preventScroll: true }),
    );
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- a row that is chosen otherwise has the focus, or shall not have it
  }, [moves]);
  // The list follows what is opened from elsewhere, such as the next event; when that is closed, the focus is on its row.
  const isSelectedHere = selectedId !== undefined && store.rowOf(selectedId) !== undefined;
  useEffect(() => {
    const row = store.rowOf(selectedId ?? followed.current ?? 0);
    if (selectedId === followed.current || row === undefined) return;
    followed.current = selectedId;
    const holder = document.activeElement;
    const isFree = holder === document.body || scroller.current?.contains(holder) === true;
    if (selectedId === undefined && isFree) return move(row);
    setFocused(row);
    if (selectedId === undefined) return;
    rows.scrollToIndex(row);
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- later the rows move below it, and not the list
  }, [selectedId, isSelectedHere]);
  const onKeyDown = (event: React.KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const onPage = Math.max(1, endIndex - startIndex - 1);
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: focused + 1,
      j: focused + 1,
      ArrowUp: focused - 1,
      k: focused - 1,
      PageDown: focused + onPage,
      PageUp: focused - onPage,
      Home: 0,
      End: rowCount - 1,
    };
    const to = steps[event.key];
    if (to !== undefined) {
      event.preventDefault();
      move(to);
      return;
    }
    const at = store.rowAt(focused);
    if (event.key === "Enter" && at !== undefined) {
      event.preventDefault();
      onOpen(at.id);
    }
  };
  return (
    <div
      ref={scroller}
      className={`ui-events ${isNarrow ? "is-narrow" : ""}`}
      data-testid="events"
      onScroll={(event) => onTop(event.currentTarget.scrollTop < rowHeight)}
    >
      {shown.error !== null && !isRefused && <Failure error={shown.error} onRetry={() => store.retry()} />}
      {shown.error !== null && shown.readAt === undefined && (
        <p className="ui-events__unread">No event of this filter has been read.</p>
      )}
      {rowCount === 0 && shown.isAtEnd ? (
        isEmpty
      ) : (
        <table
          role="grid"
          aria-label="Events"
          aria-rowcount={shown.isAtEnd ? rowCount + 1 : -1}
          aria-colcount={columns.length + 2}
          aria-busy={shown.isLoading}
          style={{ "--ui-columns": template } as React.CSSProperties}
          onKeyDown={onKeyDown}
        >
          <ListHead columns={columns} order={order} onOrder={isNarrow ? undefined : onOrder} />
          <tbody role="rowgroup" style={{ height: rows.getTotalSize() }}>
            {rows.getVirtualItems().map((item) => {
              const event = store.rowAt(item.index);
              return (
                <EventRow
                  key={event?.id ?? `row-${item.index}`}
                  event={event}
                  columns={columns}
                  row={item.index}
                  offset={item.start}
                  height={rowHeight}
                  hasFocus={item.index === focused}
                  isSelected={event !== undefined && event.id === selectedId}
                  onFocus={setFocused}
                  onOpen={onOpen}
                  onFilter={onFilter}
                />
              );
            })}
          </tbody>
        </table>
      )}
      {below}
      {shown.isLoading && rowCount === 0 && <SkeletonRows rowHeight={rowHeight} words={waiting} />}
    </div>
  );
}

/** The row that an element is in or is itself. */
function rowNumberOf(element: unknown): number | undefined {
  const row = element instanceof Element ? element.closest<HTMLElement>("[data-row]")?.dataset["row"] : undefined;
  return row === undefined ? undefined : Number(row);
}

function SkeletonRows({ rowHeight, words }: { readonly rowHeight: number; readonly words: string }) {
  return (
    <div className="ui-events__waiting" aria-busy="true">
      <p className="u-text--muted">{words}</p>
      {Array.from({ length: 12 }, (_, row) => (
        <div key={row} style={{ height: rowHeight }} />
      ))}
    </div>
  );
}

/** Says how many rows there are once they have come. */
export function useAnnouncedCount(store: EventStore): void {
  const { rowCount, isAtEnd, isLoading } = useSyncExternalStore(store.subscribe, store.shown);
  const wasTold = useRef<EventStore>(undefined);
  useEffect(() => {
    if (isLoading || wasTold.current === store || (rowCount === 0 && !isAtEnd)) return;
    wasTold.current = store;
    announce(rowCount === 0 ? "No events match." : rowCount < pageSize ? `${rowCount} events.` : "Events loaded.");
  }, [store, rowCount, isAtEnd, isLoading]);
}
