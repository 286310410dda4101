import { useCallback, useEffect } from "react";
import { useQuery } from "@tanstack/react-query";
import { Outlet, useNavigate, useRouter } from "@tanstack/react-router";
import { forgetSession, reasonOf, sessionQuery, subscribeToOtherTabs, whyNobody } from "../accounts/session.ts";
import { FactorDialog } from "../accounts/second-factor/factor-dialog.tsx";
import { whenSessionEnds } from "../query-client.ts";
import { LeaveDialog } from "../page/forms/leave-dialog.tsx";
import { LiveRegion } from "./live-region.tsx";
import { Navigation } from "./navigation.tsx";
import { StatusLine } from "./status-line.tsx";

/** The frame around every page but the login. A page puts its `main` and its `aside` into the grid itself. */
export function Shell() {
  const navigate = useNavigate();
  const router = useRouter();
  const { data: user } = useQuery(sessionQuery);
  const toLogin = useCallback(
    (reason: string): void => {
      const { pathname, searchStr } = router.state.location;
      // An answer that comes late says it once more: where somebody was is known already.
      if (pathname === "/login") return;
      void navigate({ to: "/login", search: { redirectTo: pathname + searchStr, reason } });
    },
    [navigate, router],
  );
  // A page that is only looked at in advance finds out too, and leads nowhere by itself.
  useEffect(() => {
    if (user === null) void forgetSession(whyNobody(), toLogin);
  }, [user, toLogin]);
  useEffect(() => {
    whenSessionEnds((error) => void forgetSession(reasonOf(error), toLogin));
    // What is shown is somebody else's, down to the rows that a list holds: the page begins anew.
    return subscribeToOtherTabs((told) => (told.kind === "ended" ? toLogin(told.reason) : location.reload()));
  }, [toLogin]);
  if (user == null) return null;
  return (
    <div className="l-application">
      <a className="p-link--skip" href="#main-content">
        Skip to main content
      </a>
      <Navigation user={user} />
      <Outlet />
      <StatusLine />
      <LiveRegion />
      <FactorDialog />
      <LeaveDialog />
    </div>
  );
}
