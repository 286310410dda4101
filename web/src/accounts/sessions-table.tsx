import Button from "@canonical/react-components/dist/esm/components/Button";
import { EventsLink } from "../events/event-link.tsx";
import { type ListColumn, List } from "../page/list/list.tsx";
import { Time } from "../page/text/time.tsx";
import { visible } from "../page/text/visible.ts";
import { browserName } from "./browser-name.ts";
import type { Session } from "./sessions-query.ts";
import { Absent } from "../page/text/absent.tsx";

interface SessionsTableProps {
  readonly sessions: readonly Session[];
  /** Undefined where nothing can be ended. */
  readonly onEnd: ((session: Session) => void) | undefined;
}

const columns: readonly ListColumn<Session>[] = [
  {
    title: "Browser",
    render: ({ user_agent: agent, is_current: isCurrent }) => (
      <>
        <span title={visible(agent)}>{browserName(agent)}</span>
        {isCurrent && (
          <span className="p-chip--positive is-readonly is-dense ui-mark">
            <span className="p-chip__value">This session</span>
          </span>
        )}
      </>
    ),
    sort: ({ user_agent: agent }) => browserName(agent),
  },
  { title: "Address", render: (session) => <Address session={session} />, sort: ({ ip }) => ip ?? "" },
  {
    title: "Started",
    className: "ui-time ui-wide",
    render: ({ created }) => <Time value={created} />,
    sort: ({ created }) => created,
  },
  {
    title: "Last used",
    className: "ui-time",
    render: ({ last_used: used }) => <Time value={used} />,
    sort: ({ last_used: used }) => used,
  },
  {
    title: "Events",
    className: "ui-type",
    render: (session) => <EventsLink filter={`session:${session.fingerprint}`} of={nameOfSession(session)} />,
  },
];

/** Sessions that are good, each with what it has done. */
export function SessionsTable({ sessions, onEnd }: SessionsTableProps) {
  return (
    <List
      label="Sessions"
      items={sessions}
      keyOf={({ id }) => id}
      columns={columns}
      renderActions={
        onEnd &&
        ((session) => (
          <Button dense onClick={() => onEnd(session)}>
            End<span className="u-off-screen"> {nameOfSession(session)}</span>
          </Button>
        ))
      }
    />
  );
}

/** From where it was opened, and where that is another, from where it was used last. */
function Address({ session: { ip, last_ip: lastIp } }: { readonly session: Session }) {
  return (
    <>
      {ip === null ? <Absent /> : <span className="ui-mono">{ip}</span>}
      {lastIp !== null && lastIp !== ip && (
        <>
          , then <span className="ui-mono">{lastIp}</span>
        </>
      )}
    </>
  );
}

/** What a session is called where it is asked about: `the session of Firefox at 192.0.2.1`. */
export function nameOfSession({ user_agent, ip, is_current }: Session): string {
  if (is_current) return "this session";
  return `the session of ${browserName(user_agent)}${ip === null ? "" : ` at ${ip}`}`;
}
