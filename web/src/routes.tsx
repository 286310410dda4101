import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
  type RouteComponent,
} from "@tanstack/react-router";
import { base } from "./api/base.ts";
import { safeRedirect, sessionQuery, whyNobody } from "./accounts/session.ts";
import { factorPath } from "./accounts/second-factor/factor-path.ts";
import { EventsPage } from "./events/events-page.tsx";
import { parseEventsSearch } from "./events/events-address.ts";
import { resolveView } from "./events/views/view.ts";
import { NotFound } from "./page/not-found.tsx";
import { Failure } from "./page/states.tsx";
import { queryClient } from "./query-client.ts";
import { Shell } from "./shell/shell.tsx";

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound });

const login = createRoute({
  getParentRoute: () => root,
  path: "/login",
  validateSearch: (search): { redirectTo?: string; reason?: string; failed?: string } => ({
    ...(typeof search["redirectTo"] === "string" && { redirectTo: safeRedirect(search["redirectTo"]) }),
    ...(typeof search["reason"] === "string" && { reason: search["reason"] }),
    ...(typeof search["failed"] === "string" && { failed: search["failed"] }),
  }),
  component: lazyRouteComponent(() => import("./accounts/login-page.tsx"), "LoginPage"),
});

/** Whoever goes to another page after so long finds out whether the session is still there. */
const sessionFreshMs = 3_000;

/** Everything that needs a session. */
const shell = createRoute({
  getParentRoute: () => root,
  id: "shell",
  component: Shell,
  beforeLoad: async ({ location, cause }) => {
    const known = queryClient.getQueryData(sessionQuery.queryKey);
    // A new filter shows at once, also while the server is slow: what the page reads for it finds out about the session.
    if (known != null && cause === "stay" && location.pathname === router.state.resolvedLocation?.pathname) return;
    const user = await queryClient
      .fetchQuery({ ...sessionQuery, staleTime: sessionFreshMs, retry: false })
      .catch((error: unknown) => {
        // During an outage each page says so itself, and keeps what it has.
        if (known == null) throw error;
        return known;
      });
    if (user === null) {
      const redirectTo = location.pathname + location.searchStr;
      const reason = whyNobody();
      // oxlint-disable-next-line typescript/only-throw-error -- the router catches what it made itself
      if (known != null || reason === "password") throw redirect({ to: "/login", search: { redirectTo, reason } });
      // oxlint-disable-next-line typescript/only-throw-error -- the router catches what it made itself
      throw redirect({ to: "/login", search: redirectTo === "/" ? {} : { redirectTo } });
    }
    // oxlint-disable-next-line typescript/only-throw-error -- the router catches what it made itself
    if (user.second_factor === "needed" && location.pathname !== factorPath) throw redirect({ to: factorPath });
  },
  errorComponent: ({ error }) => (
    <main className="ui-login">
      <Failure error={error} onRetry={() => void router.invalidate()} />
    </main>
  ),
});

const events = createRoute({
  getParentRoute: () => shell,
  path: "/",
  validateSearch: parseEventsSearch,
  beforeLoad: async ({ search, cause }) => {
    const user = queryClient.getQueryData(sessionQuery.queryKey);
    // Who has no account here has no views.
    if (user == null || user.realm !== null) return;
    const meant = await resolveView(search, cause === "stay");
    // oxlint-disable-next-line typescript/only-throw-error -- the router catches what it made itself
    if (meant !== undefined) throw redirect({ to: "/", search: meant, replace: true });
  },
  component: EventsPage,
});

/** The other pages are loaded when somebody goes there. */
function page<const Path extends string>(path: Path, component: RouteComponent) {
  return createRoute({ getParentRoute: () => shell, path, component });
}

const pages = [
  page(
    "/integrity",
    lazyRouteComponent(() => import("./transparency/integrity-page.tsx"), "IntegrityPage"),
  ),
  page(
    "/alerts",
    lazyRouteComponent(() => import("./alerting/alerts-page.tsx"), "AlertsPage"),
  ),
  page(
    "/alerts/rules",
    lazyRouteComponent(() => import("./alerting/rules-page.tsx"), "RulesPage"),
  ),
  page(
    "/destinations",
    lazyRouteComponent(() => import("./forwarding/destinations-page.tsx"), "DestinationsPage"),
  ),
  page(
    "/machines",
    lazyRouteComponent(() => import("./nodes/machines-page.tsx"), "MachinesPage"),
  ),
  page(
    "/machine/$systemId",
    lazyRouteComponent(() => import("./nodes/machine-page.tsx"), "MachinePage"),
  ),
  page(
    "/machine/$systemId/events",
    lazyRouteComponent(() => import("./nodes/machine-page.tsx"), "MachineEventsPage"),
  ),
  page(
    "/users/$username",
    lazyRouteComponent(() => import("./accounts/user/user-page.tsx"), "UserPage"),
  ),
  page(
    "/users/$username/events",
    lazyRouteComponent(() => import("./accounts/user/user-page.tsx"), "UserEventsPage"),
  ),
  page(
    "/settings/configuration/general",
    lazyRouteComponent(() => import("./settings/settings-page.tsx"), "SettingsPage"),
  ),
  page(
    "/settings/configuration/sign-in",
    lazyRouteComponent(() => import("./oidc/providers-page.tsx"), "ProvidersPage"),
  ),
  page(
    "/settings/configuration/sources",
    lazyRouteComponent(() => import("./mirroring/sources-page.tsx"), "SourcesPage"),
  ),
  page(
    "/settings/user-management/users",
    lazyRouteComponent(() => import("./accounts/users-page.tsx"), "UsersPage"),
  ),
  page(
    "/settings/user-management/access",
    lazyRouteComponent(() => import("./access-review/access-review-page.tsx"), "AccessReviewPage"),
  ),
  page(
    "/settings/scripts/$kind",
    lazyRouteComponent(() => import("./scripts/scripts-page.tsx"), "ScriptsPage"),
  ),
  page(
    "/settings/scripts/$kind/$name",
    lazyRouteComponent(() => import("./scripts/script-page.tsx"), "ScriptPage"),
  ),
  page(
    "/account/prefs/details",
    lazyRouteComponent(() => import("./accounts/details-page.tsx"), "DetailsPage"),
  ),
  page(
    "/account/prefs/sessions",
    lazyRouteComponent(() => import("./accounts/sessions-page.tsx"), "SessionsPage"),
  ),
  page(
    "/account/prefs/second-factor",
    lazyRouteComponent(() => import("./accounts/second-factor/factor-page.tsx"), "FactorPage"),
  ),
  page(
    "/account/prefs/api-keys",
    lazyRouteComponent(() => import("./tokens/api-keys-page.tsx"), "ApiKeysPage"),
  ),
  page(
    "/account/prefs/ssh-keys",
    lazyRouteComponent(() => import("./keys/ssh-keys-page.tsx"), "SshKeysPage"),
  ),
  page(
    "/account/prefs/ssl-keys",
    lazyRouteComponent(() => import("./keys/ssl-keys-page.tsx"), "SslKeysPage"),
  ),
] as const;

/** Every other address: the frame is there, and the way back. */
const elsewhere = createRoute({ getParentRoute: () => shell, path: "$", component: NotFound });

/** What somebody may type who knows the first part of an address. */
const beginnings = [
  ["/settings", "/settings/configuration/general"],
  ["/settings/scripts", "/settings/scripts/commissioning"],
  ["/account", "/account/prefs/details"],
  ["/account/prefs", "/account/prefs/details"],
  ["/machine", "/machines"],
  ["/users", "/settings/user-management/users"],
].map(([path = "", to = "/"]) =>
  createRoute({
    getParentRoute: () => root,
    path,
    beforeLoad: () => {
      // oxlint-disable-next-line typescript/only-throw-error -- the router catches what it made itself
      throw redirect({ to, replace: true });
    },
  }),
);

/** Of an address that can't be decoded, such as `/50%`, the router would say without the frame that it isn't there. */
if (!isDecodable(location.pathname)) {
  const { origin, pathname, search, hash } = location;
  history.replaceState(history.state, "", `${origin}${pathname.replaceAll("%", "%25")}${search}${hash}`);
}

function isDecodable(path: string): boolean {
  try {
    // What came of it is asked for: a call without use is left out of the built files.
    return decodeURIComponent(path) !== "";
  } catch {
    return false;
  }
}

/** The pages by their addresses. What stands after `?` is kept as plain text: a filter such as `q=123` is no number. */
export const router = createRouter({
  routeTree: root.addChildren([login, ...beginnings, shell.addChildren([events, ...pages, elsewhere])]),
  parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
  stringifySearch: (search) => {
    const text = new URLSearchParams(
      Object.entries(search).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
    ).toString();
    return text === "" ? "" : `?${text}`;
  },
  defaultPreload: "intent",
  // As the server, which answers 404 to any other.
  caseSensitive: true,
  ...(base !== "" && { basepath: base }),
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
