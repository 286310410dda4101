import Button from "@canonical/react-components/dist/esm/components/Button";
import MainTable from "@canonical/react-components/dist/esm/components/MainTable";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useMayChange } from "../accounts/may-change.ts";
import { readsAll } from "../accounts/role.tsx";
import { sessionQuery } from "../accounts/session.ts";
import { EventLink, EventLinks } from "../events/event-link.tsx";
import { Page } from "../page/page.tsx";
import { Empty, Loaded, NoPermission } from "../page/states.tsx";
import { Count } from "../page/text/count.tsx";
import { Time } from "../page/text/time.tsx";
import { visible } from "../page/text/visible.ts";
import { AcknowledgeButton } from "./acknowledge-button.tsx";
import { type Alert, alertsQuery, countedMax, openAlertsQuery } from "./alert.ts";
import { AlertTabs } from "./alert-tabs.tsx";
import { Severity } from "./severity.tsx";

/** What rules have raised: administrators acknowledge it, auditors read it. */
export function AlertsPage() {
  const { data: user } = useQuery(sessionQuery);
  if (readsAll(user)) return <Alerts />;
  return (
    <Page title="Alerts">
      <NoPermission />
    </Page>
  );
}

function Alerts() {
  const { data: open } = useQuery(openAlertsQuery);
  return (
    <Page title="Alerts" count={<Count count={open} noun="open alert" countMax={countedMax} />}>
      <AlertTabs />
      <AlertSection which="open" />
      <AlertSection which="acknowledged" />
    </Page>
  );
}

/** The open ones, or those that somebody has acknowledged. */
function AlertSection({ which }: { readonly which: "open" | "acknowledged" }) {
  const isOpen = which === "open";
  const alerts = useInfiniteQuery(alertsQuery(isOpen ? "open" : "all"));
  const title = isOpen ? "Open" : "Acknowledged";
  return (
    <section className="ui-section" aria-labelledby={`${which}-alerts`}>
      <h2 id={`${which}-alerts`} className="p-heading--5">
        {title}
      </h2>
      <Loaded query={alerts}>
        {({ pages }) => {
          const shown = pages.flatMap(({ items }) => items).filter((one) => (one.acknowledged === null) === isOpen);
          if (shown.length > 0) return <AlertsTable alerts={shown} title={`${title} alerts`} isOpen={isOpen} />;
          return isOpen ? <NoAlerts /> : <p className="u-text--muted">None.</p>;
        }}
      </Loaded>
      {alerts.hasNextPage && (
        <Button disabled={alerts.isFetchingNextPage} onClick={() => void alerts.fetchNextPage()}>
          Show older
        </Button>
      )}
    </section>
  );
}

function NoAlerts() {
  return <Empty title="No alert is open.">Rules look at every event as it is recorded, and raise alerts.</Empty>;
}

interface AlertsTableProps {
  readonly alerts: readonly Alert[];
  readonly title: string;
  readonly isOpen: boolean;
}

const causesShown = 3;

function AlertsTable({ alerts, title, isOpen }: AlertsTableProps) {
  const mayChange = useMayChange();
  const last = isOpen
    ? { content: "Actions", className: "ui-acknowledge ui-actions" }
    : { content: "Acknowledged", className: "ui-time" };
  const lastOf = (alert: Alert) => ({
    content: isOpen ? <AcknowledgeButton alert={alert} /> : <By alert={alert} />,
    className: isOpen ? "ui-acknowledge ui-actions" : "ui-time ui-long",
  });
  const hasLast = !isOpen || mayChange;
  return (
    <div className="ui-list">
      <MainTable
        aria-label={title}
        responsive
        headers={[
          { content: "Severity", className: "ui-severity" },
          { content: "Alert" },
          { content: "Rule", className: "ui-wide" },
          { content: "Raised", className: "ui-time" },
          { content: "Because of events", className: "ui-wide" },
          ...(hasLast ? [last] : []),
        ]}
        rows={alerts.map((alert) => ({
          key: alert.id,
          columns: [
            { content: <Severity severity={alert.severity} />, className: "ui-severity" },
            { content: <EventLink id={alert.event} words={visible(alert.description)} />, className: "ui-long" },
            { content: <RuleLink name={alert.rule} />, className: "ui-wide ui-long" },
            { content: <Time value={alert.raised} />, className: "ui-time" },
            { content: <EventLinks ids={alert.events} shownMax={causesShown} />, className: "ui-wide ui-long" },
            ...(hasLast ? [lastOf(alert)] : []),
          ],
        }))}
      />
    </div>
  );
}

/** A link to the rule, which may be gone. */
export function RuleLink({ name }: { readonly name: string }) {
  return (
    <Link to="/alerts/rules" search={{ name }}>
      {visible(name)}
    </Link>
  );
}

function By({ alert: { acknowledged, acknowledged_by: by } }: { readonly alert: Alert }) {
  if (acknowledged === null) return null;
  return (
    <>
      <div>{visible(by ?? "")}</div>
      <Time value={acknowledged} />
    </>
  );
}
