import { useState } from "react";
import Button from "@canonical/react-components/dist/esm/components/Button";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { PreferencesSections } from "../accounts/preferences-sections.tsx";
import { request } from "../api/request.ts";
import { ConfirmedAct } from "../page/forms/confirmed-act.tsx";
import { Count } from "../page/text/count.tsx";
import { Page } from "../page/page.tsx";
import { Empty, Loaded } from "../page/states.tsx";
import { AddSshKeyPanel } from "./add-ssh-key-panel.tsx";
import { type SshKey, sshKeysQuery } from "./ssh-key.ts";
import { nameOfSshKey, SshKeysTable } from "./ssh-keys-table.tsx";

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
            <Empty
              title="You have no SSH keys."
              next={{ words: "Add the first SSH key", onAct: () => setAdding(true) }}
            >
              Machines can let you in by them. They come from Launchpad, from GitHub or from a file.
            </Empty>
          ) : (
            <SshKeysTable keys={data.items} onDelete={setDeleting} />
          )
        }
      </Loaded>
      {deleting !== undefined && (
        <ConfirmedAct
          title={`Delete SSH key '${nameOfSshKey(deleting)}'?`}
          verb="Delete SSH key"
          act={() => request("DELETE /account/ssh-keys/{id}", { path: { id: deleting.id } })}
          done={`Deleted SSH key '${nameOfSshKey(deleting)}'.`}
          onDone={() => queryClient.invalidateQueries({ queryKey: sshKeysQuery.queryKey })}
          onClose={() => setDeleting(undefined)}
        >
          <p>
            Its fingerprint is <span className="ui-mono">{deleting.fingerprint}</span>. Machines that have it already
            may still let you in.
          </p>
          {deleting.source !== null && <p>It stays where it was imported from, and can be imported again.</p>}
        </ConfirmedAct>
      )}
    </Page>
  );
}
