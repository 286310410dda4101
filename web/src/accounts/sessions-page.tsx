import { useState } from "react";
import Button from "@canonical/react-components/dist/esm/components/Button";
import MainTable from "@canonical/react-components/dist/esm/components/MainTable";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { request } from "../api/request.ts";
import { ConfirmedAct } from "../page/forms/confirmed-act.tsx";
import { Count } from "../page/text/count.tsx";
import { Page } from "../page/page.tsx";
import { Loaded } from "../page/states.tsx";
import { Time } from "../page/text/time.tsx";
import { visible } from "../page/text/visible.ts";
import { browserName } from "./browser-name.ts";
import { PreferencesSections } from "./preferences-sections.tsx";
import { forgetSession } from "./session.ts";
import { type Session, sessionsQuery } from "./sessions-query.ts";
import { Absent } from "../page/text/absent.tsx";

/** Where one is logged in, and the way to end that. */
export function SessionsPage() {
  const sessions = useQuery(sessionsQuery);
  const [ending, setEnding] = useState<Session | "others">();
  const items = sessions.data?.items;
  const others = items?.filter((session) => !session.is_current).length ?? 0;
  return (
    <Page
      title="Sessions"
      sections={<PreferencesSections />}
      count={<Count count={items?.length} noun="session" />}
      controls={
        <Button disabled={others === 0} onClick={() => setEnding("others")}>
          End all other sessions
        </Button>
      }
    >
      <Loaded query={sessions}>{(data) => <SessionsTable sessions={data.items} onEnd={setEnding} />}</Loaded>
      {ending === "others" && <EndOthers count={others} onClose={() => setEnding(undefined)} />}
      {ending !== undefined && ending !== "others" && (
        <EndSession session={ending} onClose={() => setEnding(undefined)} />
      )}
    </Page>
  );
}

interface SessionsTableProps {
  readonly sessions: readonly Session[];
  readonly onEnd: (session: Session) => void;
}

function SessionsTable({ sessions, onEnd }: SessionsTableProps) {
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
          { content: "Actions", className: "ui-actions" },
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
            { content: session.ip === null ? <Absent /> : <span className="ui-mono">{session.ip}</span> },
            { content: <Time value={session.created} />, className: "ui-wide" },
            { content: <Time value={session.last_used} /> },
            {
              className: "ui-actions",
              content: (
                <Button dense onClick={() => onEnd(session)}>
                  End<span className="u-off-screen"> {nameOf(session)}</span>
                </Button>
              ),
            },
          ],
        }))}
      />
    </div>
  );
}

function nameOf({ user_agent, ip, is_current }: Session): string {
  if (is_current) return "this session";
  return `the session of ${browserName(user_agent)}${ip === null ? "" : ` at ${ip}`}`;
}

function EndSession({ session, onClose }: { readonly session: Session; readonly onClose: () => void }) {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  return (
    <ConfirmedAct
      title={`End ${nameOf(session)}?`}
      verb="End session"
      act={() => request("DELETE /sessions/{id}", { path: { id: session.id } })}
      done={`Ended ${nameOf(session)}.`}
      onDone={() =>
        session.is_current
          ? forgetSession("logged-out", (reason) => void navigate({ to: "/login", search: { reason } }))
          : queryClient.invalidateQueries({ queryKey: sessionsQuery.queryKey })
      }
      onClose={onClose}
    >
      {session.is_current ? "You are logged out at once." : "Whoever uses it is logged out at once."}
    </ConfirmedAct>
  );
}

function EndOthers({ count, onClose }: { readonly count: number; readonly onClose: () => void }) {
  const queryClient = useQueryClient();
  const words = count === 1 ? "1 other session" : `all ${count.toLocaleString("en-GB")} other sessions`;
  return (
    <ConfirmedAct
      title={`End ${words}?`}
      verb="End all other sessions"
      act={() => request("DELETE /sessions", { query: new URLSearchParams({ except: "current" }) })}
      done={`Ended ${words}.`}
      onDone={() => queryClient.invalidateQueries({ queryKey: sessionsQuery.queryKey })}
      onClose={onClose}
    >
      This session stays. Whoever uses one of the others is logged out at once.
    </ConfirmedAct>
  );
}
