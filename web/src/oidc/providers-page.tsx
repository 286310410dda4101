import { useState } from "react";
import Button from "@canonical/react-components/dist/esm/components/Button";
import MainTable from "@canonical/react-components/dist/esm/components/MainTable";
import { useQuery } from "@tanstack/react-query";
import { useMayChange } from "../accounts/may-change.ts";
import { readsAll } from "../accounts/role.tsx";
import { sessionQuery } from "../accounts/session.ts";
import { request } from "../api/request.ts";
import { ConfirmedAct } from "../page/forms/confirmed-act.tsx";
import { Page } from "../page/page.tsx";
import { Empty, Loaded, NoPermission } from "../page/states.tsx";
import { Count } from "../page/text/count.tsx";
import { visible } from "../page/text/visible.ts";
import { useAside } from "../page/use-aside.ts";
import { SettingsSections } from "../settings/settings-sections.tsx";
import { CreateProviderPanel } from "./create-provider-panel.tsx";
import { EditProviderPanel } from "./edit-provider-panel.tsx";
import { type Provider, providersQuery, refreshProviders } from "./provider.ts";

/** The other systems that say who somebody is: administrators change them, auditors read them. */
export function ProvidersPage() {
  const { data: user } = useQuery(sessionQuery);
  if (readsAll(user)) return <Providers />;
  return (
    <Page title="Sign-in providers">
      <NoPermission />
    </Page>
  );
}

function Providers() {
  const mayChange = useMayChange();
  const providers = useQuery(providersQuery);
  const { shown: panel, open, close } = useAside<"create" | Provider>();
  const [deleting, setDeleting] = useState<Provider>();
  const items = providers.data?.items;
  const edited = panel === "create" ? undefined : items?.find(({ name }) => name === panel?.name);
  return (
    <Page
      title="Sign-in providers"
      sections={<SettingsSections />}
      count={<Count count={items?.length} noun="provider" />}
      controls={
        mayChange && (
          <Button appearance="positive" onClick={() => open("create")}>
            Add provider
          </Button>
        )
      }
      aside={
        panel === "create" ? (
          <CreateProviderPanel onCreated={open} onClose={close} />
        ) : (
          edited !== undefined && <EditProviderPanel key={edited.name} provider={edited} onClose={close} />
        )
      }
    >
      <Loaded query={providers}>
        {(data) =>
          data.items.length === 0 ? (
            <Empty title="There are no sign-in providers.">
              People log in with a password. Add a provider that speaks OpenID Connect, such as Keycloak or Entra ID.
            </Empty>
          ) : (
            <ProvidersTable providers={data.items} mayChange={mayChange} onEdit={open} onDelete={setDeleting} />
          )
        }
      </Loaded>
      {deleting !== undefined && (
        <ConfirmedAct
          title={`Delete provider '${deleting.name}'?`}
          verb="Delete provider"
          name={deleting.name}
          act={() => request("DELETE /oidc-providers/{name}", { path: { name: deleting.name } })}
          done={`Deleted provider '${deleting.name}'.`}
          onDone={refreshProviders}
          onClose={() => setDeleting(undefined)}
        >
          All links of accounts to it are deleted, and the sessions that were opened through it end. The accounts stay.
        </ConfirmedAct>
      )}
    </Page>
  );
}

interface ProvidersTableProps {
  readonly providers: readonly Provider[];
  readonly mayChange: boolean;
  readonly onEdit: (provider: Provider) => void;
  readonly onDelete: (provider: Provider) => void;
}

function ProvidersTable({ providers, mayChange, onEdit, onDelete }: ProvidersTableProps) {
  return (
    <div className="ui-list">
      <MainTable
        aria-label="Sign-in providers"
        responsive
        headers={[
          { content: "Name" },
          { content: "Title" },
          { content: "Issuer", className: "ui-wide" },
          { content: "Accounts" },
          { content: "State" },
          ...(mayChange ? [{ content: "Actions", className: "ui-actions" }] : []),
        ]}
        rows={providers.map((provider) => ({
          key: provider.name,
          columns: [
            { content: provider.name },
            { content: visible(provider.title), className: "ui-long" },
            { content: <span className="ui-mono">{provider.issuer}</span>, className: "ui-wide ui-long" },
            { content: provider.accounts === "create" ? "created" : "linked" },
            { content: provider.is_enabled ? "enabled" : "disabled" },
            ...(mayChange
              ? [
                  {
                    className: "ui-actions",
                    content: (
                      <>
                        <Button appearance="base" hasIcon dense onClick={() => onEdit(provider)}>
                          <i className="p-icon--edit">Edit {provider.name}</i>
                        </Button>
                        <Button appearance="base" hasIcon dense onClick={() => onDelete(provider)}>
                          <i className="p-icon--delete">Delete {provider.name}</i>
                        </Button>
                      </>
                    ),
                  },
                ]
              : []),
          ],
        }))}
      />
    </div>
  );
}
