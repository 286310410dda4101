import Button from "@canonical/react-components/dist/esm/components/Button";
import MainTable from "@canonical/react-components/dist/esm/components/MainTable";
import { EventsLink } from "../events/event-link.tsx";
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

/** Sessions that are good, each with what it has done. */
export function SessionsTable({ sessions, onEnd }: SessionsTableProps) {
  return (
    <div className="ui-list">
      <MainTable
        aria-label="Sessions"
        responsive
        sortable
        headers={[
          { content: "Browser", sortKey: "browser" },
          { content: "Address", sortKey: "ip" },
          { content: "Started", sortKey: "created", className: "ui-time ui-wide" },
          { content: "Last used", sortKey: "last_used", className: "ui-time" },
          { content: "Events", className: "ui-type" },
          ...(onEnd === undefined ? [] : [{ content: "Actions", className: "ui-actions" }]),
        ]}
        rows={sessions.map((session) => ({
          key: session.id,
          sortData: {
            browser: browserName(session.user_agent),
            ip: session.ip ?? "",
            created: session.created,
            last_used: session.last_used,
          },
          columns: [
            {
              content: (
                <>
                  <span title={visible(session.user_agent)}>{browserName(session.user_agent)}</span>
                  {session.is_current && (
                    <span className="p-chip--positive is-readonly is-dense ui-mark">
                      <span className="p-chip__value">This session</span>
                    </span>
                  )}
                </>
              ),
            },
            { content: <Address session={session} />, className: "ui-long" },
            { content: <Time value={session.created} />, className: "ui-wide" },
            { content: <Time value={session.last_used} /> },
            { content: <EventsLink filter={`session:${session.fingerprint}`} of={nameOfSession(session)} /> },
            ...(onEnd === undefined
              ? []
              : [
                  {
                    className: "ui-actions",
                    content: (
                      <Button dense onClick={() => onEnd(session)}>
                        End<span className="u-off-screen"> {nameOfSession(session)}</span>
                      </Button>
                    ),
                  },
                ]),
          ],
        }))}
      />
    </div>
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
