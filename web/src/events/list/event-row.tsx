import { memo } from "react";
import { Link } from "@tanstack/react-router";
import { clockTime, localTime, zone } from "../../page/text/time.tsx";
import { ProofMark } from "../../transparency/proof-badge.tsx";
import { visible } from "../../page/text/visible.ts";
import { FoundElsewhere } from "../search/found-elsewhere.tsx";
import { Marked } from "../search/marked.tsx";
import {
  descriptionOf,
  type Event,
  isMirrored,
  levelIcon,
  originWords,
  raisedAlert,
  reporterOf,
} from "../event/event.ts";
import { Absent } from "../../page/text/absent.tsx";

/** The columns, in their order; which of them show depends on the width of the list. */
export const columns = [
  { name: "outcome", title: "Outcome", isHidden: true },
  { name: "time", title: "Time", isHidden: false },
  { name: "user", title: "User", isHidden: false },
  { name: "type", title: "Type", isHidden: false },
  { name: "action", title: "Action", isHidden: false },
  { name: "description", title: "Description", isHidden: false },
  { name: "node", title: "Node", isHidden: false },
  { name: "address", title: "Address", isHidden: false },
  { name: "proof", title: "Proof", isHidden: true },
] as const;

interface EventRowProps {
  readonly event: Event | undefined;
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
  const { event, row, offset, height, hasFocus, isSelected, onFocus, onOpen, onFilter } = props;
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
        <Cells event={event} isFailure={isFailure} />
      )}
    </tr>
  );
});

function Cells({ event, isFailure }: { readonly event: Event; readonly isFailure: boolean }) {
  const icon = levelIcon(event.level);
  // A mirrored event has the address that its MAAS saw.
  const reporter = isMirrored(event) ? undefined : reporterOf(event);
  return (
    <>
      <td role="gridcell" className="is-outcome">
        {isFailure ? <i className="p-icon--error">failure</i> : <span className="u-off-screen">success</span>}
      </td>
      <td role="gridcell" className="is-time">
        <time dateTime={event.created} title={`${event.created} (UTC); shown in ${zone}`}>
          <span className="is-date">{localTime(event.created).slice(0, 10)} </span>
          {clockTime(event.created)}
        </time>
      </td>
      <Value name="user" filter="user" value={event.username} isSearched />
      <Value name="type" filter="type" value={event.type_words} given={event.type} />
      <Value name="action" filter="action" value={event.action} />
      <td role="gridcell" className="is-description">
        {icon !== undefined && <i className={`p-icon--${icon}`}>{event.level.toLowerCase()}</i>}
        {raisedAlert(event) !== undefined && <i className="p-icon--notifications">alert</i>}
        <Link
          to="."
          search={(now) => ({ ...now, event: event.id })}
          replace
          tabIndex={-1}
          className="ui-events__link"
          title={descriptionOf(event)}
        >
          <Marked text={descriptionOf(event)} />
        </Link>
        <FoundElsewhere event={event} />
        <Origin event={event} />
        <Occurred event={event} />
      </td>
      <Value name="node" filter="node" value={event.hostname ?? event.node} given={event.node} isSearched />
      <Value
        name="address"
        filter="ip"
        value={event.ip}
        isSearched
        {...(reporter !== undefined && { label: "via", meaning: `the address of ${reporter}, who reported this` })}
      />
      <td role="gridcell" className="is-proof">
        <ProofMark event={event} />
      </td>
    </>
  );
}

/** Who says so where Ironlog hasn't seen it. */
function Origin({ event }: { readonly event: Event }) {
  const origin = originWords(event);
  if (origin === undefined) return null;
  return (
    <span
      className="ui-reported"
      title={origin}
      {...(isMirrored(event) && { "data-filter": "source", "data-value": event.source })}
    >
      {origin}
    </span>
  );
}

/** When it happened, where that isn't about when it was recorded: the list is in the order of recording. */
function Occurred({ event: { created, occurred } }: { readonly event: Event }) {
  if (Math.abs(Date.parse(created) - Date.parse(occurred)) <= apartMs) return null;
  const [local, recorded] = [localTime(occurred), localTime(created)];
  const isSameDay = local.slice(0, 10) === recorded.slice(0, 10);
  return (
    <time className="ui-occurred" dateTime={occurred} title={`It happened at ${occurred} (UTC); shown in ${zone}`}>
      <span className="ui-occurred__word">occurred </span>
      <span className="ui-occurred__sign" aria-hidden="true">
        ↩
      </span>
      {!isSameDay && `${local.slice(0, 10)} `}
      <span className={isSameDay ? undefined : "ui-occurred__clock"}>{local.slice(11)}</span>
    </time>
  );
}

/** Times that are further apart than this are both shown. */
const apartMs = 60_000;

interface ValueProps {
  readonly name: string;
  readonly filter: string;
  readonly value: string | null;
  /** What the filter is given, where that isn't what is shown. */
  readonly given?: string | null;
  /** A word before the value, and what that means. */
  readonly label?: string;
  readonly meaning?: string;
  /** True where words are looked for in it. */
  readonly isSearched?: boolean;
}

function Value({ name, filter, value, given, label, meaning, isSearched = false }: ValueProps) {
  return (
    <td
      role="gridcell"
      className={`is-${name}`}
      {...(value !== null && value !== "" && { "data-filter": filter, "data-value": given ?? value })}
    >
      {value === null || value === "" ? (
        <Absent />
      ) : (
        // What is cut off shows on hover.
        <span title={meaning === undefined ? visible(value) : `${visible(value)}: ${meaning}`}>
          {label !== undefined && <span className="u-text--muted">{label} </span>}
          {isSearched ? <Marked text={visible(value)} /> : visible(value)}
        </span>
      )}
    </td>
  );
}
