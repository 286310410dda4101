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
import { visible } from "../page/text/visible.ts";
import { AddSshKeyPanel } from "./add-ssh-key-panel.tsx";
import { commentOf, sourceWords, type SshKey, sshKeysQuery } from "./ssh-key.ts";
import { Absent } from "../page/text/absent.tsx";

/** One's own public SSH keys. */
export function SshKeysPage() {
  const queryClient = useQueryClient();
  const keys = useQuery(sshKeysQuery);
  const [isAdding, setAdding] = useState(false);
  const [deleting, setDeleting] = useState<SshKey>();
  const items = keys.data?.items;
  return (
    <Page
      title="SSH keys"
      sections={<PreferencesSections />}
      count={<Count count={items?.length} noun="key" />}
      controls={
        <Button appearance="positive" onClick={() => setAdding(true)}>
          Add SSH key
        </Button>
      }
      aside={isAdding && <AddSshKeyPanel onClose={() => setAdding(false)} />}
    >
      <Loaded query={keys}>
        {(data) =>
          data.items.length === 0 ? (
            <Empty title="You have no SSH keys.">
              Add one from Launchpad or GitHub, or upload it, so that machines can let you in.
            </Empty>
          ) : (
            <KeysTable keys={data.items} onDelete={setDeleting} />
          )
        }
      </Loaded>
      {deleting !== undefined && (
        <ConfirmedAct
          title={`Delete SSH key '${nameOf(deleting)}'?`}
          verb={`Delete SSH key '${nameOf(deleting)}'`}
          act={() => request("DELETE /account/ssh-keys/{id}", { path: { id: deleting.id } })}
          done={`Deleted SSH key '${nameOf(deleting)}'.`}
          onDone={() => queryClient.invalidateQueries({ queryKey: sshKeysQuery.queryKey })}
          onClose={() => setDeleting(undefined)}
        >
          Its fingerprint is <span className="ui-mono">{deleting.fingerprint}</span>.{" "}
          {deleting.source !== null && "It stays where it was imported from, and can be imported again."}
        </ConfirmedAct>
      )}
    </Page>
  );
}

/** By its comment, or by its fingerprint where it has none. */
function nameOf(key: SshKey): string {
  const comment = commentOf(key);
  return comment === "" ? key.fingerprint : visible(comment);
}

function KeysTable({ keys, onDelete }: { readonly keys: readonly SshKey[]; readonly onDelete: (key: SshKey) => void }) {
  return (
    <div className="ui-list">
      <MainTable
        aria-label="SSH keys"
        responsive
        sortable
        headers={[
          { content: "Source", sortKey: "source" },
          { content: "Comment", sortKey: "comment" },
          { content: "Fingerprint" },
          { content: "Added", sortKey: "created", className: "ui-time ui-wide" },
          { content: "Actions", className: "ui-actions" },
        ]}
        rows={keys.map((key) => ({
          key: key.id,
          sortData: { source: sourceWords(key), comment: commentOf(key), created: key.created },
          columns: [
            { content: sourceWords(key), className: "ui-long" },
            { content: commentOf(key) === "" ? <Absent /> : visible(commentOf(key)), className: "ui-long" },
            { content: <span className="ui-mono">{key.fingerprint}</span>, className: "ui-long" },
            { content: <Time value={key.created} />, className: "ui-wide" },
            {
              className: "ui-actions",
              content: (
                <Button appearance="base" hasIcon dense onClick={() => onDelete(key)}>
                  <i className="p-icon--delete">Delete {nameOf(key)}</i>
                </Button>
              ),
            },
          ],
        }))}
      />
    </div>
  );
}
