import { type JSX, useEffect, useRef, useState } from "react";
import { Link, useLocation, useNavigate } from "@tanstack/react-router";
import { useMutation } from "@tanstack/react-query";
import { request } from "../api/request.ts";
import { readsAll } from "../accounts/role.tsx";
import { forgetSession, type User } from "../accounts/session.ts";
import { Bell, OpenAlerts } from "../alerting/bell.tsx";
import { forgetFilters } from "../events/filter/recent-filters.ts";
import { isShortcut } from "../page/keyboard.ts";
import { visible } from "../page/text/visible.ts";
import { LogoMark } from "./logo-mark.tsx";
import { ThemeChoice } from "./theme-choice.tsx";

/** The side navigation: dark, a rail where there is little room, a bar with a menu where there is less. */
export function Navigation({ user }: { readonly user: User }) {
  const [isOpen, setOpen] = useState(false);
  const menu = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    const toggle = (event: KeyboardEvent): void => {
      if (event.key === "[" && isShortcut(event)) setOpen((open) => !open);
    };
    document.addEventListener("keydown", toggle);
    return () => document.removeEventListener("keydown", toggle);
  }, []);
  const close = (): void => setOpen(false);
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
              aria-expanded={isOpen}
              onClick={() => setOpen(true)}
            >
              Menu
            </button>
          </div>
        </div>
      </div>
      <header
        className={`l-navigation ${isOpen ? "is-pinned" : "is-collapsed"}`}
        onKeyDown={(event) => {
          if (event.key !== "Escape" || !isOpen) return;
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
