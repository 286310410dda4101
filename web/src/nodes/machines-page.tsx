import { useState } from "react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type Item, request } from "../api/request.ts";
import { Page } from "../page/page.tsx";
import { type ListColumn, List } from "../page/list/list.tsx";
import { SearchBox } from "../page/list/search-box.tsx";
import { Empty, Loaded, NoneMatches } from "../page/states.tsx";
import { LastEvent } from "./last-event.tsx";
import { Absent } from "../page/text/absent.tsx";
import { CopiedCode } from "../page/text/copy.tsx";
import { Count } from "../page/text/count.tsx";

/** A node as the native API shows it. */
export type Node = Item<"GET /nodes">;

/** The machines that events are about. */
export function MachinesPage() {
  const [search, setSearch] = useState("");
  const nodes = useQuery({ queryKey: ["nodes"], queryFn: ({ signal }) => request("GET /nodes", { signal }) });
  const wanted = search.toLowerCase();
  const shown = nodes.data?.items.filter((node) =>
    [node.hostname, node.system_id, node.zone, node.pool ?? "", ...node.tags].some((text) =>
      text.toLowerCase().includes(wanted),
    ),
  );
  return (
    <Page title="Machines" count={<Count count={nodes.data?.items.length} noun="machine" shown={shown?.length} />}>
      <SearchBox label="Search machines" value={search} onChange={setSearch} />
      <Loaded query={nodes}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title="No machines are known.">
              <p>They come from the API, or by command. Those that were deleted are reached from their events.</p>
              <CopiedCode
                text="ironlog PROFILE machines create hostname=web architecture=amd64 mac_addresses=52:54:00:12:34:56"
                what="the command that adds a machine"
              />
            </Empty>
          ) : (
            <MachinesTable nodes={shown ?? []} />
          )
        }
      </Loaded>
    </Page>
  );
}

const columns: readonly ListColumn<Node>[] = [
  {
    title: "Hostname",
    render: ({ system_id: systemId, hostname }) => (
      <Link to="/machine/$systemId" params={{ systemId }}>
        {hostname}
      </Link>
    ),
    sort: ({ hostname }) => hostname,
  },
  {
    title: "System id",
    className: "ui-wide",
    render: ({ system_id: id }) => <span className="ui-mono">{id}</span>,
    sort: ({ system_id: id }) => id,
  },
  { title: "Zone", render: ({ zone }) => zone, sort: ({ zone }) => zone },
  { title: "Pool", render: ({ pool }) => pool ?? <Absent />, sort: ({ pool }) => pool ?? "" },
  {
    title: "Tags",
    className: "ui-wide",
    render: ({ tags }) => (tags.length === 0 ? <Absent /> : tags.join(", ")),
    sort: ({ tags }) => tags.join(", "),
  },
  { title: "Last event", render: ({ system_id: id }) => <LastEvent systemId={id} /> },
];

function MachinesTable({ nodes }: { readonly nodes: readonly Node[] }) {
  if (nodes.length === 0) return <NoneMatches noun="machine" />;
  return (
    <List label="Machines" items={nodes} keyOf={({ system_id: id }) => id} columns={columns} sortedBy="Hostname" />
  );
}
