import { useState } from "react";
import Button from "@canonical/react-components/dist/esm/components/Button";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { PreferencesSections } from "../accounts/preferences-sections.tsx";
import { request } from "../api/request.ts";
import { ConfirmedAct } from "../page/forms/confirmed-act.tsx";
import { type ListColumn, List } from "../page/list/list.tsx";
import { RowAct } from "../page/list/row-act.tsx";
import { Count } from "../page/text/count.tsx";
import { Page } from "../page/page.tsx";
import { Empty, Loaded } from "../page/states.tsx";
import { Time } from "../page/text/time.tsx";
import { useAside } from "../page/use-aside.ts";
import { AddSslKeyPanel } from "./add-ssl-key-panel.tsx";
import { nameOf, type SslKey, sslKeysQuery } from "./ssl-key.ts";
import { SslKeyPanel } from "./ssl-key-panel.tsx";

const columns: readonly ListColumn<SslKey>[] = [
  { title: "Subject", render: nameOf, sort: nameOf },
  {
    title: "Fingerprint",
    className: "ui-wide",
    render: ({ fingerprint }) => <span className="ui-mono">{fingerprint}</span>,
  },
  {
    title: "Valid until",
    className: "ui-time",
    render: ({ expires }) => <Time value={expires} />,
    sort: ({ expires }) => expires,
  },
];

/** One's own certificates. */
export function SslKeysPage() {
  const queryClient = useQueryClient();
  const keys = useQuery(sslKeysQuery);
  const { shown: panel, open, close } = useAside<"add" | SslKey>();
  const [deleting, setDeleting] = useState<SslKey>();
  const items = keys.data?.items;
  return (
    <Page
      title="SSL keys"
      sections={<PreferencesSections />}
      count={<Count count={items?.length} noun="key" />}
      controls={
        <Button appearance="positive" onClick={() => open("add")}>
          Add SSL key
        </Button>
      }
      aside={
        panel === "add" ? (
          <AddSslKeyPanel onClose={close} />
        ) : (
          panel !== undefined && <SslKeyPanel key={panel.id} sslKey={panel} onClose={close} />
        )
      }
    >
      <Loaded query={keys}>
        {(data) =>
          data.items.length === 0 ? (
            <Empty title="You have no SSL keys." next={{ words: "Add the first SSL key", onAct: () => open("add") }}>
              What is added here can be read by MAAS's clients: certificates, X.509 in PEM.
            </Empty>
          ) : (
            <List
              label="SSL keys"
              items={data.items}
              keyOf={({ id }) => id}
              columns={columns}
              onOpen={open}
              isOpen={({ id }) => panel !== "add" && id === panel?.id}
              renderActions={(key) => (
                <RowAct does="delete" words={`Delete ${nameOf(key)}`} onAct={() => setDeleting(key)} />
              )}
            />
          )
        }
      </Loaded>
      {deleting !== undefined && (
        <ConfirmedAct
          title={`Delete SSL key '${nameOf(deleting)}'?`}
          verb="Delete SSL key"
          act={() => request("DELETE /account/ssl-keys/{id}", { path: { id: deleting.id } })}
          done={`Deleted SSL key '${nameOf(deleting)}'.`}
          onDone={async () => {
            // What is beside the page would show a key that is no more.
            if (panel !== "add" && panel?.id === deleting.id) close();
            await queryClient.invalidateQueries({ queryKey: sslKeysQuery.queryKey });
          }}
          onClose={() => setDeleting(undefined)}
        >
          Its fingerprint is <span className="ui-mono">{deleting.fingerprint}</span>. MAAS&apos;s clients don&apos;t
          find it any more. Its events stay in the log.
        </ConfirmedAct>
      )}
    </Page>
  );
}
