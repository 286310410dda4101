import { useSyncExternalStore } from "react";
import { Link } from "@tanstack/react-router";
import type { EventStore } from "./event-store.ts";

/** A log with more than these is in use. */
const freshMax = 20;

/** What makes a log of use, in the order in which most people go about it. */
const steps = [
  {
    to: "/settings/user-management/users",
    label: "Add a user",
    why: "for each person, so that events say who it was",
  },
  { to: "/account/prefs/api-keys", label: "Add an API key", why: "for the command line and for programs" },
  { to: "/settings/configuration/sources", label: "Connect a MAAS", why: "so that its events are recorded here too" },
  { to: "/destinations", label: "Forward events", why: "to a SIEM, a webhook or a file" },
] as const;

/** What comes next, below the first events of a log in which nobody has done anything yet but log in. */
export function FirstSteps({ store }: { readonly store: EventStore }) {
  const { rowCount, isAtEnd } = useSyncExternalStore(store.subscribe, store.shown);
  if (!isAtEnd || rowCount > freshMax) return null;
  const events = Array.from({ length: rowCount }, (_, row) => store.rowAt(row));
  // What somebody did that isn't coming and going: from then on they know their way.
  if (events.some((event) => event?.username != null && !/^(?:auth|log)\./.test(event.action))) return null;
  return (
    <section className="ui-first-steps" aria-labelledby="first-steps-heading">
      <h2 id="first-steps-heading" className="p-heading--5">
        What comes next
      </h2>
      <ul className="p-list">
        {steps.map(({ to, label, why }) => (
          <li key={to}>
            <Link to={to}>{label}</Link> <span className="u-text--muted">{why}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
