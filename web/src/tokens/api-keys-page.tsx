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
import { visible } from "../page/text/visible.ts";
import { type ApiKey, apiKeysQuery, scopeWords } from "./api-key.ts";
import { CreateKeyPanel } from "./create-key-panel.tsx";
import { RenameKeyPanel } from "./rename-key-panel.tsx";
import { Absent } from "../page/text/absent.tsx";

/** The keys by which programs act for whoever is logged in. */
export function ApiKeysPage() {
  const queryClient = useQueryClient();
  const keys = useQuery(apiKeysQuery);
  const { shown: panel, open, close } = useAside<"create" | ApiKey>();
  const [deleting, setDeleting] = useState<ApiKey>();
  const items = keys.data?.items;
  return (
    <Page
      title="API keys"
      sections={<PreferencesSections />}
      count={<Count count={items?.length} noun="key" />}
      controls={
        <Button appearance="positive" onClick={() => open("create")}>
          Create API key
        </Button>
      }
      aside={
        panel === "create" ? (
          <CreateKeyPanel onClose={close} />
        ) : (
          panel !== undefined && <RenameKeyPanel key={panel.token_key} apiKey={panel} onClose={close} />
        )
      }
    >
      <Loaded query={keys}>
        {(data) =>
          data.items.length === 0 ? (
            <Empty title="You have no API keys.">A program that acts for you needs one: create it here.</Empty>
          ) : (
            <KeysTable keys={data.items} onRename={open} onDelete={setDeleting} />
          )
        }
      </Loaded>
      {deleting !== undefined && (
        <ConfirmedAct
          title={`Delete API key '${visible(deleting.name)}'?`}
          verb={`Delete API key '${visible(deleting.name)}'`}
          act={() => request("DELETE /account/tokens/{token_key}", { path: { token_key: deleting.token_key } })}
          done={`Deleted API key '${visible(deleting.name)}'.`}
          onDone={() => queryClient.invalidateQueries({ queryKey: apiKeysQuery.queryKey })}
          onClose={() => setDeleting(undefined)}
        >
          Its fingerprint is <span className="ui-mono">{deleting.fingerprint}</span>. Programs that use it are refused
          from now on, and that is recorded.
        </ConfirmedAct>
      )}
    </Page>
  );
}

interface KeysTableProps {
  readonly keys: readonly ApiKey[];
  readonly onRename: (key: ApiKey) => void;
  readonly onDelete: (key: ApiKey) => void;
}

function KeysTable({ keys, onRename, onDelete }: KeysTableProps) {
  return (
    <div className="ui-list">
      <MainTable
        aria-label="API keys"
        responsive
        sortable
        headers={[
          { content: "Name", sortKey: "name" },
          { content: "Created", sortKey: "created", className: "ui-time ui-wide" },
          { content: "Last used", sortKey: "used", className: "ui-time" },
          { content: "Ends", sortKey: "expires", className: "ui-time" },
          { content: "May" },
          { content: "Fingerprint", className: "ui-wide" },
          { content: "Actions", className: "ui-actions" },
        ]}
        rows={keys.map((key) => ({
          key: key.token_key,
          // What never ends is last.
          sortData: {
            name: key.name.toLowerCase(),
            created: key.created,
            used: key.last_used ?? "",
            expires: key.expires ?? "9999",
          },
          columns: [
            { content: key.name === "" ? <Absent /> : visible(key.name), className: "ui-long" },
            { content: <Time value={key.created} />, className: "ui-wide" },
            { content: key.last_used === null ? "never" : <Time value={key.last_used} /> },
            { content: key.expires === null ? "never" : <End at={key.expires} /> },
            {
              content: mayWords(key),
            },
            { content: <span className="ui-mono">{key.fingerprint}</span>, className: "ui-wide" },
            {
              className: "ui-actions",
              content: (
                <>
                  <Button appearance="base" hasIcon dense onClick={() => onRename(key)}>
                    <i className="p-icon--edit">Rename {key.name}</i>
                  </Button>
                  <Button appearance="base" hasIcon dense onClick={() => onDelete(key)}>
                    <i className="p-icon--delete">Delete {key.name}</i>
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

function mayWords({ scopes, source }: ApiKey): string {
  if (scopes === null) return "everything you may";
  const words = scopes.map((one) => scopeWords[one]).join(", ");
  return source === null ? words : `${words}, for ${source}`;
}

function End({ at }: { readonly at: string }) {
  const hasEnded = Date.parse(at) <= Date.now();
  return (
    <>
      {hasEnded && "ended "}
      <Time value={at} />
    </>
  );
}
