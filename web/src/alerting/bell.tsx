import { useQuery } from "@tanstack/react-query";
import { openAlertsQuery, openCount } from "./alert.ts";

/** The sign of alerts, with how many nobody has acknowledged. */
export function Bell() {
  const { data: open = 0 } = useQuery(openAlertsQuery);
  return (
    <span className="ui-bell p-side-navigation__icon">
      <i className="p-icon--notifications is-light" aria-hidden="true" />
      {open > 0 && (
        <span className="ui-bell__count" aria-hidden="true">
          {openCount(open)}
        </span>
      )}
    </span>
  );
}

/** How many are open, for those who hear the page. */
export function OpenAlerts() {
  const { data: open = 0 } = useQuery(openAlertsQuery);
  return open === 0 ? null : <span className="u-off-screen"> {openCount(open)} open</span>;
}
