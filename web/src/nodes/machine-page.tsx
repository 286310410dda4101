import { useMemo } from "react";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { ApiProblem, request } from "../api/request.ts";
import { EventsView } from "../events/events-view.tsx";
import type { FilterTerm } from "../events/filter/filter-language.ts";
import { FieldList, type FieldPair, MaybeMono } from "../page/field-list.tsx";
import { Page } from "../page/page.tsx";
import { Loaded, Notice } from "../page/states.tsx";
import { Tabs } from "../page/tabs.tsx";
import { Time } from "../page/text/time.tsx";
import { visible } from "../page/text/visible.ts";
import type { Node } from "./machines-page.tsx";

/** What is known of one machine. */
export function MachinePage() {
  const { systemId } = useParams({ from: "/shell/machine/$systemId" });
  const node = useNode(systemId);
  const isGone = node.error instanceof ApiProblem && node.error.status === 404;
  return (
    <Page title={node.data?.hostname ?? systemId}>
      <MachineTabs systemId={systemId} />
      {isGone ? (
        <Notice severity="caution" title={`There is no machine '${systemId}' now.`}>
          It may have been deleted, or isn't yours to see. What was recorded of it stays:{" "}
          <Link to="/machine/$systemId/events" params={{ systemId }}>
            its events
          </Link>
        </Notice>
      ) : (
        <Loaded query={node}>{(data) => <Summary node={data} />}</Loaded>
      )}
    </Page>
  );
}

/** The events of one machine, also of one that is no longer there. */
export function MachineEventsPage() {
  const { systemId } = useParams({ from: "/shell/machine/$systemId/events" });
  const node = useNode(systemId);
  const fixed = useMemo((): readonly FilterTerm[] => [{ key: "node", value: systemId, isExcluded: false }], [systemId]);
  return (
    <EventsView title={node.data?.hostname ?? systemId} fixed={fixed} above={<MachineTabs systemId={systemId} />} />
  );
}

function useNode(systemId: string) {
  return useQuery({
    queryKey: ["nodes", systemId],
    queryFn: ({ signal }) => request("GET /nodes/{system_id}", { path: { system_id: systemId }, signal }),
  });
}

function MachineTabs({ systemId }: { readonly systemId: string }) {
  const to = `/machine/${encodeURIComponent(systemId)}`;
  const tabs = [
    { to, words: "Summary" },
    { to: `${to}/events`, words: "Events" },
  ];
  return <Tabs label="Machine" tabs={tabs} />;
}

function Summary({ node }: { readonly node: Node }) {
  const fields: readonly FieldPair[] = [
    ["System id", <MaybeMono key="id" text={node.system_id} />],
    ["Name", node.fqdn],
    ["Type", node.type],
    ["Status", node.status],
    ["Power", node.power_state],
    ["Zone", node.zone],
    ["Pool", node.pool],
    ["Domain", node.domain],
    ["Tags", node.tags.join(", ")],
    ["Owner", node.owner],
    ["Agent", node.agent_name],
    ["Architecture", node.architecture],
    ["MAC addresses", <MaybeMono key="mac" text={node.mac_addresses.join(", ") || null} />],
    ["Locked", node.is_locked ? "yes" : "no"],
    ["Description", visible(node.description)],
    ["Added", <Time key="created" value={node.created} />],
    ["Changed", <Time key="updated" value={node.updated} />],
  ];
  return <FieldList fields={fields} />;
}
