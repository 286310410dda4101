import { useState } from "react";
import MainTable from "@canonical/react-components/dist/esm/components/MainTable";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type Item, request } from "../api/request.ts";
import { Page } from "../page/page.tsx";
import { SearchBox } from "../page/search-box.tsx";
import { Empty, Loaded, NoneMatches } from "../page/states.tsx";
import { LastEvent } from "./last-event.tsx";
import { Absent } from "../page/text/absent.tsx";
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
              They come from the API: <code>ironlog PROFILE machines create</code>. Those that were deleted are reached
              from their events.
            </Empty>
          ) : (
            <MachinesTable nodes={shown ?? []} />
          )
        }
      </Loaded>
    </Page>
  );
}

function MachinesTable({ nodes }: { readonly nodes: readonly Node[] }) {
  if (nodes.length === 0) return <NoneMatches noun="machine" />;
  return (
    <MainTable
      className="p-table--mobile-card"
      aria-label="Machines"
      sortable
      defaultSort="hostname"
      defaultSortDirection="ascending"
      paginate={100}
      headers={[
        { content: "Hostname", sortKey: "hostname" },
        { content: "System id", sortKey: "system_id" },
        { content: "Zone", sortKey: "zone" },
        { content: "Pool", sortKey: "pool" },
        { content: "Tags" },
        { content: "Last event" },
      ]}
      rows={nodes.map((node) => ({
        key: node.system_id,
        sortData: { hostname: node.hostname, system_id: node.system_id, zone: node.zone, pool: node.pool ?? "" },
        columns: [
          {
            content: (
              <Link to="/machine/$systemId" params={{ systemId: node.system_id }}>
                {node.hostname}
              </Link>
            ),
            "data-heading": "Hostname",
          },
          { content: <span className="ui-mono">{node.system_id}</span>, "data-heading": "System id" },
          { content: node.zone, "data-heading": "Zone" },
          { content: node.pool ?? <Absent />, "data-heading": "Pool" },
          { content: node.tags.length === 0 ? <Absent /> : node.tags.join(", "), "data-heading": "Tags" },
          { content: <LastEvent systemId={node.system_id} />, "data-heading": "Last event" },
        ],
      }))}
    />
  );
}
