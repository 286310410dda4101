import { useState } from "react";
import Button from "@canonical/react-components/dist/esm/components/Button";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { request } from "../api/request.ts";
import { ConfirmedAct } from "../page/forms/confirmed-act.tsx";
import { Count } from "../page/text/count.tsx";
import { Page } from "../page/page.tsx";
import { Loaded } from "../page/states.tsx";
import { PreferencesSections } from "./preferences-sections.tsx";
import { forgetSession } from "./session.ts";
import { type Session, sessionsQuery } from "./sessions-query.ts";
import { nameOfSession, SessionsTable } from "./sessions-table.tsx";
import { grouped } from "../page/text/grouped.ts";

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

function EndSession({ session, onClose }: { readonly session: Session; readonly onClose: () => void }) {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  return (
    <ConfirmedAct
      title={`End ${nameOfSession(session)}?`}
      verb="End session"
      act={() => request("DELETE /sessions/{id}", { path: { id: session.id } })}
      done={`Ended ${nameOfSession(session)}.`}
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
  const words = count === 1 ? "1 other session" : `all ${grouped(count)} other sessions`;
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
