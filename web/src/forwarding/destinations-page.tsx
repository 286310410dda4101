import Button from "@canonical/react-components/dist/esm/components/Button";
import MainTable from "@canonical/react-components/dist/esm/components/MainTable";
import { useQuery } from "@tanstack/react-query";
import { useLocation } from "@tanstack/react-router";
import { useMayChange } from "../accounts/may-change.ts";
import { readsAll } from "../accounts/role.tsx";
import { sessionQuery } from "../accounts/session.ts";
import { Page } from "../page/page.tsx";
import { Empty, Loaded, NoPermission } from "../page/states.tsx";
import { Alarm } from "../page/text/alarm.tsx";
import { CopiedCode } from "../page/text/copy.tsx";
import { Count } from "../page/text/count.tsx";
import { Time } from "../page/text/time.tsx";
import { visible } from "../page/text/visible.ts";
import { useAside } from "../page/use-aside.ts";
import { CreateDestinationPanel } from "./create-destination-panel.tsx";
import { addressOfDestination, behindWords, type Destination, destinationsQuery } from "./destination.ts";
import { DestinationPanel } from "./destination-panel.tsx";
import { DestinationState } from "./destination-state.tsx";
import { EditDestinationPanel } from "./edit-destination-panel.tsx";
import { formatWords } from "./transports.ts";

const refetchMs = 5_000;

/** Where events are sent: administrators change it, auditors read it. */
export function DestinationsPage() {
  const { data: user } = useQuery(sessionQuery);
  if (readsAll(user)) return <Destinations />;
  return (
    <Page title="Destinations">
      <NoPermission />
    </Page>
  );
}

interface Shown {
  readonly name: string;
  readonly isEdited: boolean;
}

function Destinations() {
  const mayChange = useMayChange();
  const destinations = useQuery({ ...destinationsQuery, refetchInterval: refetchMs });
  const wanted = useLocation({ select: ({ searchStr }) => new URLSearchParams(searchStr).get("name") });
  const { shown, open, close } = useAside<"create" | Shown>(
    wanted === null ? undefined : { name: wanted, isEdited: false },
  );
  const items = destinations.data?.items;
  const destination = shown === "create" ? undefined : items?.find(({ name }) => name === shown?.name);
  const show = (name: string): void => open({ name, isEdited: false });
  return (
    <Page
      title="Destinations"
      count={<Count count={items?.length} noun="destination" />}
      controls={
        mayChange && (
          <Button appearance="positive" onClick={() => open("create")}>
            Add destination
          </Button>
        )
      }
      aside={
        shown === "create" ? (
          <CreateDestinationPanel onCreated={show} onClose={close} />
        ) : destination === undefined ? undefined : shown?.isEdited === true ? (
          <EditDestinationPanel key={destination.name} destination={destination} onDone={show} onClose={close} />
        ) : (
          <DestinationPanel
            key={destination.name}
            name={destination.name}
            onEdit={() => open({ name: destination.name, isEdited: true })}
            onClose={close}
          />
        )
      }
    >
      <Loaded query={destinations}>
        {(data) =>
          data.items.length === 0 ? (
            <NoDestinations mayChange={mayChange} />
          ) : (
            <DestinationsTable destinations={data.items} onShow={show} />
          )
        }
      </Loaded>
    </Page>
  );
}

function NoDestinations({ mayChange }: { readonly mayChange: boolean }) {
  return (
    <Empty title="Events are sent nowhere.">
      <p>
        Ironlog can send every event that matches to a SIEM, in order and at least once: syslog, webhooks, Splunk,
        Elasticsearch, Loki, OpenTelemetry, files, and e-mail for alerts.{" "}
        {mayChange
          ? "Add a destination here, or by command:"
          : "An administrator adds a destination, here or by command:"}
      </p>
      <CopiedCode
        text="ironlog PROFILE destinations create name=siem transport=syslog url=tls://siem.example.com:6514"
        what="the command that adds a destination"
      />
    </Empty>
  );
}

interface DestinationsTableProps {
  readonly destinations: readonly Destination[];
  readonly onShow: (name: string) => void;
}

function DestinationsTable({ destinations, onShow }: DestinationsTableProps) {
  return (
    <div className="ui-list">
      <MainTable
        aria-label="Destinations"
        responsive
        headers={[
          { content: "Name" },
          { content: "Where to", className: "ui-wide" },
          { content: "Format", className: "ui-wide" },
          { content: "State", className: "ui-state" },
          { content: "Behind", className: "ui-less-wide" },
          { content: "Last delivery", className: "ui-wide ui-time" },
          { content: "Dead letters", className: "u-align--right" },
        ]}
        rows={destinations.map((destination) => ({
          key: destination.name,
          columns: [
            {
              content: (
                <Button appearance="link" className="ui-in-row" onClick={() => onShow(destination.name)}>
                  {destination.name}
                </Button>
              ),
              className: "ui-long",
            },
            {
              content: <span className="ui-mono">{visible(addressOfDestination(destination))}</span>,
              className: "ui-wide ui-long",
            },
            { content: formatWords[destination.format], className: "ui-wide" },
            { content: <DestinationState state={destination.state} />, className: "ui-state" },
            { content: behindWords(destination), className: "ui-less-wide" },
            {
              content: destination.delivered_at === null ? "none yet" : <Time value={destination.delivered_at} />,
              className: "ui-wide ui-time",
            },
            { content: <Alarm count={destination.dead_letters} />, className: "u-align--right" },
          ],
        }))}
      />
    </div>
  );
}
