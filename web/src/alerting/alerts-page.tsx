import Button from "@canonical/react-components/dist/esm/components/Button";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useMayChange } from "../accounts/may-change.ts";
import { UserLink } from "../accounts/user/user-link.tsx";
import { EventLink, EventLinks } from "../events/event-link.tsx";
import { type ListColumn, List } from "../page/list/list.tsx";
import { ForReaders } from "../page/for-readers.tsx";
import { Page } from "../page/page.tsx";
import { Empty, Loaded } from "../page/states.tsx";
import { Absent } from "../page/text/absent.tsx";
import { Count } from "../page/text/count.tsx";
import { Time } from "../page/text/time.tsx";
import { visible } from "../page/text/visible.ts";
import { AcknowledgeButton } from "./acknowledge-button.tsx";
import { type Alert, alertsQuery, countedMax, openAlertsQuery } from "./alert.ts";
import { AlertTabs } from "./alert-tabs.tsx";
import { Severity } from "./severity.tsx";

/** What rules have raised: administrators acknowledge it, auditors read it. */
export function AlertsPage() {
  return (
    <ForReaders title="Alerts">
      <Alerts />
    </ForReaders>
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
  return (
    <Empty title="No alert is open.">
      <p>Rules look at every event as it is recorded, and raise alerts.</p>
      <Link to="/alerts/rules">See the rules</Link>
    </Empty>
  );
}

interface AlertsTableProps {
  readonly alerts: readonly Alert[];
  readonly title: string;
  readonly isOpen: boolean;
}

const causesShown = 3;

const columns: readonly ListColumn<Alert>[] = [
  {
    title: "Alert",
    render: ({ event, description }) => <EventLink id={event} words={visible(description)} />,
  },
  { title: "Severity", className: "ui-severity", render: ({ severity }) => <Severity severity={severity} /> },
  { title: "Rule", className: "ui-wide", render: ({ rule }) => <RuleLink name={rule} /> },
  { title: "Raised", className: "ui-time", render: ({ raised }) => <Time value={raised} /> },
  {
    title: "Because of events",
    className: "ui-wide",
    render: ({ events }) => <EventLinks ids={events} shownMax={causesShown} />,
  },
];

const acknowledged: ListColumn<Alert> = {
  title: "Acknowledged",
  className: "ui-time",
  render: (alert) => <By alert={alert} />,
};

function AlertsTable({ alerts, title, isOpen }: AlertsTableProps) {
  const mayChange = useMayChange();
  return (
    <List
      label={title}
      items={alerts}
      keyOf={({ id }) => id}
      columns={isOpen ? columns : [...columns, acknowledged]}
      renderActions={isOpen && mayChange ? (alert) => <AcknowledgeButton alert={alert} /> : undefined}
      actionsClassName="ui-acknowledge"
      isPart
    />
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
      <div>{by === null ? <Absent /> : <UserLink username={by} />}</div>
      <Time value={acknowledged} />
    </>
  );
}
