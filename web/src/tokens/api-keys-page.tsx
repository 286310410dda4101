import { useState } from "react";
import Button from "@canonical/react-components/dist/esm/components/Button";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { PreferencesSections } from "../accounts/preferences-sections.tsx";
import { request } from "../api/request.ts";
import { Count } from "../page/text/count.tsx";
import { Page } from "../page/page.tsx";
import { Empty, Loaded } from "../page/states.tsx";
import { useAside } from "../page/use-aside.ts";
import { type ApiKey, apiKeysQuery } from "./api-key.ts";
import { CreateKeyPanel } from "./create-key-panel.tsx";
import { DeleteApiKey } from "./delete-api-key.tsx";
import { ApiKeysTable } from "./api-keys-table.tsx";
import { RenameKeyPanel } from "./rename-key-panel.tsx";

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
          Add API key
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
            <Empty title="You have no API keys." next={{ words: "Add the first API key", onAct: () => open("create") }}>
              A program that acts for you needs one.
            </Empty>
          ) : (
            <ApiKeysTable
              keys={data.items}
              isOpen={(key) => panel !== "create" && key.token_key === panel?.token_key}
              onRename={open}
              onDelete={setDeleting}
            />
          )
        }
      </Loaded>
      {deleting !== undefined && (
        <DeleteApiKey
          apiKey={deleting}
          act={() => request("DELETE /account/tokens/{token_key}", { path: { token_key: deleting.token_key } })}
          onDone={() => queryClient.invalidateQueries({ queryKey: apiKeysQuery.queryKey })}
          onClose={() => setDeleting(undefined)}
        />
      )}
    </Page>
  );
}
