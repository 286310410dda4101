import { useState } from "react";
import Button from "@canonical/react-components/dist/esm/components/Button";
import MainTable from "@canonical/react-components/dist/esm/components/MainTable";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { PreferencesSections } from "../accounts/preferences-sections.tsx";
import { request } from "../api/request.ts";
import { ConfirmedAct } from "../page/forms/confirmed-act.tsx";
import { Count } from "../page/text/count.tsx";
import { Page } from "../page/page.tsx";
import { Empty, Loaded } from "../page/states.tsx";
import { Time } from "../page/text/time.tsx";
import { useAside } from "../page/use-aside.ts";
import { AddSslKeyPanel } from "./add-ssl-key-panel.tsx";
import { nameOf, type SslKey, sslKeysQuery } from "./ssl-key.ts";
import { SslKeyPanel } from "./ssl-key-panel.tsx";

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
            <Empty title="You have no SSL keys.">Add a certificate in PEM.</Empty>
          ) : (
            <KeysTable keys={data.items} onView={open} onDelete={setDeleting} />
          )
        }
      </Loaded>
      {deleting !== undefined && (
        <ConfirmedAct
          title={`Delete SSL key '${nameOf(deleting)}'?`}
          verb={`Delete SSL key '${nameOf(deleting)}'`}
          act={() => request("DELETE /account/ssl-keys/{id}", { path: { id: deleting.id } })}
          done={`Deleted SSL key '${nameOf(deleting)}'.`}
          onDone={async () => {
            // What is beside the page would show a key that is no more.
            if (panel !== "add" && panel?.id === deleting.id) close();
            await queryClient.invalidateQueries({ queryKey: sslKeysQuery.queryKey });
          }}
          onClose={() => setDeleting(undefined)}
        >
          Its fingerprint is <span className="ui-mono">{deleting.fingerprint}</span>.
        </ConfirmedAct>
      )}
    </Page>
  );
}

interface KeysTableProps {
  readonly keys: readonly SslKey[];
  readonly onView: (key: SslKey) => void;
  readonly onDelete: (key: SslKey) => void;
}

function KeysTable({ keys, onView, onDelete }: KeysTableProps) {
  return (
    <div className="ui-list">
      <MainTable
        aria-label="SSL keys"
        responsive
        sortable
        headers={[
          { content: "Subject", sortKey: "subject" },
          { content: "Fingerprint", className: "ui-wide" },
          { content: "Valid until", sortKey: "expires", className: "ui-time" },
          { content: "Actions", className: "ui-actions" },
        ]}
        rows={keys.map((key) => ({
          key: key.id,
          sortData: { subject: nameOf(key), expires: key.expires },
          columns: [
            { content: nameOf(key), className: "ui-long" },
            { content: <span className="ui-mono">{key.fingerprint}</span>, className: "ui-long ui-wide" },
            { content: <Time value={key.expires} /> },
            {
              className: "ui-actions",
              content: (
                <>
                  <Button dense onClick={() => onView(key)}>
                    View<span className="u-off-screen"> {nameOf(key)}</span>
                  </Button>
                  <Button appearance="base" hasIcon dense onClick={() => onDelete(key)}>
                    <i className="p-icon--delete">Delete {nameOf(key)}</i>
                  </Button>
                </>
              ),
            },
          ],
        }))}
      />
    </div>
  );
}
