import { type JSX, useRef } from "react";
import { Link, useLocation, useNavigate } from "@tanstack/react-router";
import { useMutation } from "@tanstack/react-query";
import { request } from "../api/request.ts";
import { readsAll } from "../accounts/role.tsx";
import { forgetSession, type User } from "../accounts/session.ts";
import { Bell, OpenAlerts } from "../alerting/bell.tsx";
import { forgetFilters } from "../events/filter/recent-filters.ts";
import { visible } from "../page/text/visible.ts";
import { useFold } from "./fold.ts";
import { LogoMark } from "./logo-mark.tsx";
import { NavigationViews } from "./navigation-views.tsx";
import { ThemeChoice } from "./theme-choice.tsx";

/** The side navigation: dark, a rail where there is little room, a bar with a menu where there is less. */
export function Navigation({ user }: { readonly user: User }) {
  const { isWide, isPinned, isHeld, toggle, close, release } = useFold();
  const menu = useRef<HTMLButtonElement>(null);
  /** Where the focus comes in or goes out, and not from one link to the next. */
  const releaseAtEdge = ({ currentTarget, relatedTarget }: React.FocusEvent): void => {
    if (!(relatedTarget instanceof Node && currentTarget.contains(relatedTarget))) release();
  };
  return (
    <>
      <div className="l-navigation-bar" role="region" aria-label="Menu bar">
        <div className="p-panel is-dark">
          <div className="p-panel__header">
            <Logo />
            {readsAll(user) && (
              <Link to="/alerts" className="ui-bell-link">
                <Bell />
                <span className="u-off-screen">Alerts</span>
                <OpenAlerts />
              </Link>
            )}
            <button
              ref={menu}
              type="button"
              className="p-button--base u-no-margin--bottom"
              aria-expanded={isPinned}
              onClick={toggle}
            >
              Menu
            </button>
          </div>
        </div>
      </div>
      <header
        className={`l-navigation ${isPinned ? "is-pinned" : "is-collapsed"} ${isHeld ? "is-held" : ""}`}
        onPointerEnter={release}
        onFocus={releaseAtEdge}
        onBlur={releaseAtEdge}
        onKeyDown={(event) => {
          if (event.key !== "Escape" || isWide || !isPinned) return;
          close();
          menu.current?.focus();
        }}
      >
        <div className="l-navigation__drawer">
          <div className="p-panel is-dark ui-navigation">
            <div className="p-panel__header">
              <Logo />
              <div className="p-panel__controls u-hide--large u-hide--medium">
                <button type="button" className="p-button--base has-icon u-no-margin--bottom" onClick={close}>
                  <i className="p-icon--close is-light">Close menu</i>
                </button>
              </div>
            </div>
            {/* A menu that stays open over the page that was chosen would hide it. */}
            <div className="p-side-navigation--icons is-dark" onClick={close}>
              <nav aria-label="Main">
                <Group
                  items={[
                    { to: "/", icon: "history", label: "Events" },
                    { to: "/integrity", icon: "security-tick", label: "Integrity" },
                    ...(readsAll(user) ? overseen : []),
                  ]}
                />
                {user.realm === null && <Group items={[{ to: "/machines", icon: "machines", label: "Machines" }]} />}
                {user.realm === null && isPinned && user.second_factor !== "needed" && <NavigationViews />}
              </nav>
            </div>
            <div className="p-side-navigation--icons is-dark ui-navigation__foot" onClick={close}>
              <nav aria-label="Account and settings">
                <Group
                  items={[
                    ...(readsAll(user)
                      ? [
                          {
                            to: "/settings/configuration/general",
                            under: "/settings",
                            icon: "settings",
                            label: "Settings",
                          },
                        ]
                      : []),
                    ...(user.realm === null
                      ? [{ to: "/account/prefs/details", under: "/account", icon: "profile", label: user.username }]
                      : []),
                  ]}
                >
                  {user.realm !== null && <Visitor username={user.username} realm={user.realm} />}
                  <LogOut />
                  {isWide && <FoldButton isPinned={isPinned} onToggle={toggle} />}
                </Group>
              </nav>
              <ThemeChoice />
            </div>
          </div>
        </div>
      </header>
    </>
  );
}

/** For those who read everything. */
const overseen: readonly NavigationItem[] = [
  { to: "/alerts", icon: <Bell />, label: "Alerts", more: <OpenAlerts /> },
  { to: "/destinations", icon: "export", label: "Destinations" },
];

function Logo() {
  return (
    <Link to="/" className="p-panel__logo ui-logo" aria-label="Ironlog, to the events">
      <LogoMark />
      <span className="p-heading--4 u-no-margin u-no-padding is-fading-when-collapsed">Ironlog</span>
    </Link>
  );
}

interface NavigationItem {
  readonly to: string;
  /** The beginning of the paths that belong to it, where that isn't its own. */
  readonly under?: string;
  /** The name of an icon, or what else stands there. */
  readonly icon: string | JSX.Element;
  readonly label: string;
  /** What the label says to those who hear it alone. */
  readonly more?: JSX.Element;
}

function Group({
  items,
  children,
}: {
  readonly items: readonly NavigationItem[];
  readonly children?: React.ReactNode;
}) {
  return (
    <ul className="p-side-navigation__list">
      {items.map((item) => (
        <li key={item.to} className="p-side-navigation__item">
          <NavigationLink {...item} />
        </li>
      ))}
      {children}
    </ul>
  );
}

function NavigationLink({ to, under = to, icon, label, more }: NavigationItem) {
  const pathname = useLocation({ select: (at) => at.pathname });
  return (
    <Link
      to={to}
      className="p-side-navigation__link"
      activeOptions={{ exact: to === "/", includeSearch: false }}
      activeProps={{ "aria-current": "page" }}
      {...(pathname.startsWith(under) && under !== "/" && { "aria-current": "page" as const })}
    >
      {typeof icon === "string" ? (
        <i className={`p-icon--${icon} is-light p-side-navigation__icon`} aria-hidden="true" />
      ) : (
        icon
      )}
      <span className="p-side-navigation__label">
        {label}
        {more}
      </span>
    </Link>
  );
}

/** Somebody without an account here, and so without a page of it. */
function Visitor({ username, realm }: { readonly username: string; readonly realm: string }) {
  return (
    <li className="p-side-navigation__item">
      <span className="p-side-navigation__text">
        <i className="p-icon--profile is-light p-side-navigation__icon" aria-hidden="true" />
        <span className="p-side-navigation__label">
          {visible(username)} (MAAS {realm})
        </span>
      </span>
    </li>
  );
}

/** Leaves the icons alone, or brings the words back. */
function FoldButton({ isPinned, onToggle }: { readonly isPinned: boolean; readonly onToggle: () => void }) {
  return (
    <li className="p-side-navigation__item">
      <button type="button" className="p-side-navigation__link" aria-expanded={isPinned} onClick={onToggle}>
        <i
          className={`p-icon--chevron-${isPinned ? "left" : "right"} is-light p-side-navigation__icon`}
          aria-hidden="true"
        />
        <span className="p-side-navigation__label">{isPinned ? "Fold navigation" : "Unfold navigation"}</span>
      </button>
    </li>
  );
}

function LogOut() {
  const navigate = useNavigate();
  const { mutate } = useMutation({
    mutationFn: () => request("POST /session/end"),
    meta: { isLogin: true },
    // Whether it ended now or had ended before, what was read is forgotten.
    onSettled: (ended) => {
      forgetFilters();
      // Whoever came through a provider is still logged in there.
      const url = ended?.url ?? null;
      return forgetSession("logged-out", () => (url === null ? void navigate({ to: "/login" }) : location.assign(url)));
    },
  });
  return (
    <li className="p-side-navigation__item">
      <button type="button" className="p-side-navigation__link" onClick={() => mutate()}>
        <i className="p-icon--log-out is-light p-side-navigation__icon" aria-hidden="true" />
        <span className="p-side-navigation__label">Log out</span>
      </button>
    </li>
  );
}
