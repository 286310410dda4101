import Button from "@canonical/react-components/dist/esm/components/Button";
import { useQuery } from "@tanstack/react-query";
import { useMayChange } from "../accounts/may-change.ts";
import { MaybeTime } from "../page/field-list.tsx";
import { type ListColumn, List } from "../page/list/list.tsx";
import { State } from "../page/list/state.tsx";
import { useNamedAside } from "../page/list/use-named-aside.ts";
import { ForReaders } from "../page/for-readers.tsx";
import { Page } from "../page/page.tsx";
import { Empty, Gone, Loaded } from "../page/states.tsx";
import { Alarm } from "../page/text/alarm.tsx";
import { CopiedCode } from "../page/text/copy.tsx";
import { Count } from "../page/text/count.tsx";
import { visible } from "../page/text/visible.ts";
import { CreateDestinationPanel } from "./create-destination-panel.tsx";
import { addressOfDestination, behindWords, type Destination, destinationsQuery } from "./destination.ts";
import { DestinationPanel } from "./destination-panel.tsx";
import { destinationStates } from "./destination-state.ts";
import { EditDestinationPanel } from "./edit-destination-panel.tsx";
import { formatWords } from "./transports.ts";

const refetchMs = 5_000;

/** Where events are sent: administrators change it, auditors read it. */
export function DestinationsPage() {
  return (
    <ForReaders title="Destinations">
      <Destinations />
    </ForReaders>
  );
}

const columns: readonly ListColumn<Destination>[] = [
  { title: "Name", render: ({ name }) => name, sort: ({ name }) => name },
  {
    title: "Where to",
    className: "ui-wide",
    render: (destination) => <span className="ui-mono">{visible(addressOfDestination(destination))}</span>,
    sort: addressOfDestination,
  },
  {
    title: "Format",
    className: "ui-wide",
    render: ({ format }) => formatWords[format],
    sort: ({ format }) => formatWords[format],
  },
  {
    title: "State",
    className: "ui-state",
    render: ({ state }) => <State state={destinationStates[state]} />,
    sort: ({ state }) => destinationStates[state][1],
  },
  { title: "Behind", className: "ui-less-wide", render: behindWords, sort: ({ behind }) => behind },
  {
    title: "Last delivery",
    className: "ui-wide ui-time",
    render: ({ delivered_at: at }) => <MaybeTime value={at} />,
    sort: ({ delivered_at: at }) => at ?? "",
  },
  {
    title: "Dead letters",
    className: "u-align--right",
    render: ({ dead_letters: count }) => <Alarm count={count} />,
    sort: ({ dead_letters: count }) => count,
  },
];

function Destinations() {
  const mayChange = useMayChange();
  const destinations = useQuery({ ...destinationsQuery, refetchInterval: refetchMs });
  const items = destinations.data?.items;
  const { item: destination, isCreated, isEdited, gone, isOpen, create, show, edit, close } = useNamedAside(items);
  return (
    <Page
      title="Destinations"
      count={<Count count={items?.length} noun="destination" />}
      controls={
        mayChange && (
          <Button appearance="positive" onClick={create}>
            Add destination
          </Button>
        )
      }
      aside={
        isCreated ? (
          <CreateDestinationPanel onCreated={show} onClose={close} />
        ) : destination === undefined ? undefined : isEdited ? (
          <EditDestinationPanel key={destination.name} destination={destination} onDone={show} onClose={close} />
        ) : (
          <DestinationPanel
            key={destination.name}
            name={destination.name}
            onEdit={() => edit(destination)}
            onClose={close}
          />
        )
      }
    >
      {gone !== undefined && <Gone what="destination" name={gone} />}
      <Loaded query={destinations}>
        {(data) =>
          data.items.length === 0 ? (
            <NoDestinations onAdd={mayChange ? create : undefined} />
          ) : (
            <List
              label="Destinations"
              items={data.items}
              keyOf={({ name }) => name}
              columns={columns}
              onOpen={show}
              isOpen={isOpen}
            />
          )
        }
      </Loaded>
    </Page>
  );
}

function NoDestinations({ onAdd }: { readonly onAdd: (() => void) | undefined }) {
  return (
    <Empty title="There are no destinations." next={onAdd && { words: "Add the first destination", onAct: onAdd }}>
      <p>
        Ironlog can send every event that matches to a SIEM, in order and at least once: syslog, webhooks, Splunk,
        Elasticsearch, Loki, OpenTelemetry, files, and e-mail for alerts.{" "}
        {onAdd === undefined
          ? "An administrator adds a destination here, or by command:"
          : "Add a destination here, or by command:"}
      </p>
      <CopiedCode
        text="ironlog PROFILE destinations create name=siem transport=syslog url=tls://siem.example.com:6514"
        what="the command that adds a destination"
      />
    </Empty>
  );
}
