import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { readsAll } from "../../accounts/role.tsx";
import { sessionQuery } from "../../accounts/session.ts";
import { FieldList } from "../../page/field-list.tsx";
import { visible } from "../../page/text/visible.ts";
import { EventLinks } from "../event-link.tsx";
import { type Event, raisedAlert } from "./event.ts";

/** An alert names as many as its event has. */
const eventsShown = 100;

/** Of an alert: by which rule, and because of which events. */
export function AlertSection({ event }: { readonly event: Event }) {
  const { data: user } = useQuery(sessionQuery);
  const alert = raisedAlert(event);
  if (alert === undefined || !readsAll(user)) return null;
  const { rule, severity, events } = alert;
  return (
    <section aria-labelledby="alert">
      <h3 id="alert" className="p-muted-heading">
        Alert
      </h3>
      <FieldList
        fields={[
          [
            "Rule",
            <Link key="rule" to="/alerts/rules" search={{ name: rule }}>
              {visible(rule)}
            </Link>,
          ],
          ["Severity", visible(severity)],
          [
            "Because of",
            events.length === 0 ? (
              "no event: there was none"
            ) : (
              <EventLinks key="events" ids={events.toReversed()} shownMax={eventsShown} />
            ),
          ],
        ]}
      />
      <p className="u-no-margin--bottom">
        <Link to="/alerts">All alerts</Link>
      </p>
    </section>
  );
}
