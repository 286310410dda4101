import { useEffect } from "react";
import { useQuery } from "@tanstack/react-query";
import { Outlet, useNavigate, useRouter } from "@tanstack/react-router";
import { forgetSession, sessionQuery, watchOtherTabs } from "../accounts/session.ts";
import { whenSessionEnds } from "../query-client.ts";
import { LiveRegion } from "./live-region.tsx";
import { Navigation } from "./navigation.tsx";
import { StatusLine } from "./status-line.tsx";

/** The frame around every page but the login. A page puts its `main` and its `aside` into the grid itself. */
export function Shell() {
  const navigate = useNavigate();
  const router = useRouter();
  const { data: user } = useQuery(sessionQuery);
  useEffect(() => {
    const toLogin = (reason: string): void => {
      const { pathname, searchStr } = router.state.location;
      void navigate({ to: "/login", search: { redirectTo: pathname + searchStr, reason } });
    };
    whenSessionEnds(() => void forgetSession("ended", toLogin));
    return watchOtherTabs((told) => (told.kind === "ended" ? toLogin(told.reason) : void router.invalidate()));
  }, [navigate, router]);
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
    </div>
  );
}
