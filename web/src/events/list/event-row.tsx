import { memo } from "react";
import type { Column } from "../columns/column.ts";
import type { Event } from "../event/event.ts";
import { EventCells } from "./event-cells.tsx";

interface EventRowProps {
  readonly event: Event | undefined;
  /** What shows of it, beside the sign of its outcome and that of its proof. */
  readonly columns: readonly Column[];
  readonly row: number;
  readonly offset: number;
  readonly height: number;
  readonly hasFocus: boolean;
  readonly isSelected: boolean;
  readonly onFocus: (row: number) => void;
  readonly onOpen: (id: number) => void;
  readonly onFilter: (key: string, value: string) => void;
}

/** One event in the list. */
export const EventRow = memo(function EventRow(props: EventRowProps) {
  const { event, columns, row, offset, height, hasFocus, isSelected, onFocus, onOpen, onFilter } = props;
  const isFailure = event?.outcome === "failure";
  const click = (pressed: React.MouseEvent): void => {
    if (event === undefined || pressed.button !== 0) return;
    const cell = pressed.target instanceof Element ? pressed.target.closest<HTMLElement>("[data-filter]") : null;
    if (pressed.altKey && cell?.dataset["filter"] !== undefined) {
      pressed.preventDefault();
      onFilter(cell.dataset["filter"], cell.dataset["value"] ?? "");
      return;
    }
    // One with a key held is the browser's.
    if (pressed.ctrlKey || pressed.metaKey || pressed.shiftKey) return;
    pressed.preventDefault();
    // A click that ends a selection of text was made to copy it.
    if (String(getSelection()) === "") onOpen(event.id);
  };
  return (
    <tr
      role="row"
      aria-rowindex={row + 2}
      aria-selected={isSelected}
      data-row={row}
      tabIndex={hasFocus ? 0 : -1}
      className={`ui-events__row ${isFailure ? "is-failure" : ""} ${isSelected ? "is-selected" : ""}`}
      style={{ transform: `translateY(${offset}px)`, height }}
      onFocus={() => onFocus(row)}
      // Before the link in it, which is there for those who open it elsewhere.
      onClickCapture={click}
    >
      {event === undefined ? (
        <td role="gridcell" className="is-waiting" aria-busy="true" />
      ) : (
        <EventCells event={event} columns={columns} />
      )}
    </tr>
  );
});
