import type { JSX } from "react";
import { Link } from "@tanstack/react-router";
import { Absent } from "../../page/text/absent.tsx";
import { localTime } from "../../page/text/time.tsx";
import { useZone } from "../../page/text/zone.ts";
import { visible } from "../../page/text/visible.ts";
import { ProofMark } from "../../transparency/proof-badge.tsx";
import type { Column } from "../columns/column.ts";
import { columnValue } from "../columns/column-value.ts";
import {
  descriptionOf,
  type Event,
  isMirrored,
  levelIcon,
  originWords,
  raisedAlert,
  reporterOf,
} from "../event/event.ts";
import { FoundElsewhere } from "../search/found-elsewhere.tsx";
import { Marked } from "../search/marked.tsx";

interface EventCellsProps {
  readonly event: Event;
  readonly columns: readonly Column[];
}

/** What a row shows of its event. */
export function EventCells({ event, columns }: EventCellsProps) {
  return (
    <>
      <td role="gridcell" className="is-sign">
        {event.outcome === "failure" ? (
          <i className="p-icon--error">failure</i>
        ) : (
          <span className="u-off-screen">success</span>
        )}
      </td>
      {columns.map((name) => {
        const Cell = cells[name];
        return <Cell key={name} event={event} />;
      })}
      <td role="gridcell" className="is-proof">
        <ProofMark event={event} />
      </td>
    </>
  );
}

const cells: Readonly<Record<Column, (parts: { readonly event: Event }) => JSX.Element>> = {
  time: Recorded,
  level: ({ event }) => <Value name="level" filter="level" value={columnValue(event, "level")} />,
  user: ({ event }) => <Value name="user" filter="user" value={columnValue(event, "user")} isSearched />,
  type: ({ event }) => <Value name="type" filter="type" value={columnValue(event, "type")} given={event.type} />,
  action: ({ event }) => <Value name="action" filter="action" value={columnValue(event, "action")} />,
  description: Description,
  target: ({ event }) => <Value name="target" filter="target" value={columnValue(event, "target")} isSearched />,
  node: ({ event }) => (
    <Value name="node" filter="node" value={columnValue(event, "node")} given={event.node} isSearched />
  ),
  ip: Address,
  outcome: ({ event }) => <Value name="outcome" filter="outcome" value={columnValue(event, "outcome")} />,
  source: ({ event }) => (
    <Value name="source" filter="source" value={columnValue(event, "source")} given={event.source} />
  ),
  reported_by: ({ event }) => <Value name="reporter" value={columnValue(event, "reported_by")} />,
  session: ({ event }) => <Value name="session" filter="session" value={columnValue(event, "session")} />,
  key: ({ event }) => <Value name="key" filter="key" value={columnValue(event, "key")} />,
};

function Recorded({ event: { created } }: { readonly event: Event }) {
  const zone = useZone();
  const [date, clock, offset] = localTime(created).split(" ");
  return (
    <td role="gridcell" className="is-time">
      <time dateTime={created} title={`${created} (UTC); shown in ${zone}`}>
        <span className="is-date">{date} </span>
        {clock}
        {offset !== undefined && <span className="ui-offset"> {offset}</span>}
      </time>
    </td>
  );
}

function Description({ event }: { readonly event: Event }) {
  const icon = levelIcon(event.level);
  return (
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
  );
}

function Address({ event }: { readonly event: Event }) {
  // A mirrored event has the address that its MAAS saw.
  const reporter = isMirrored(event) ? undefined : reporterOf(event);
  return (
    <Value
      name="address"
      filter="ip"
      value={event.ip}
      isSearched
      {...(reporter !== undefined && { label: "via", meaning: `the address of ${reporter}, who reported this` })}
    />
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
  const zone = useZone();
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
  /** Undefined where it can't be searched for. */
  readonly filter?: string;
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
      {...(filter !== undefined &&
        value !== null &&
        value !== "" && { "data-filter": filter, "data-value": given ?? value })}
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
