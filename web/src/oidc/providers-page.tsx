import Button from "@canonical/react-components/dist/esm/components/Button";
import { useQuery } from "@tanstack/react-query";
import { useMayChange } from "../accounts/may-change.ts";
import { type ListColumn, List } from "../page/list/list.tsx";
import { OnOff } from "../page/list/state.tsx";
import { useNamedAside } from "../page/list/use-named-aside.ts";
import { ForReaders } from "../page/for-readers.tsx";
import { Page } from "../page/page.tsx";
import { Empty, Gone, Loaded } from "../page/states.tsx";
import { Count } from "../page/text/count.tsx";
import { visible } from "../page/text/visible.ts";
import { SettingsSections } from "../settings/settings-sections.tsx";
import { CreateProviderPanel } from "./create-provider-panel.tsx";
import { EditProviderPanel } from "./edit-provider-panel.tsx";
import { accountsWords, type Provider, providersQuery } from "./provider.ts";
import { ProviderPanel } from "./provider-panel.tsx";

/** The other systems that say who somebody is: administrators change them, auditors read them. */
export function ProvidersPage() {
  return (
    <ForReaders title="Sign-in providers">
      <Providers />
    </ForReaders>
  );
}

const columns: readonly ListColumn<Provider>[] = [
  { title: "Name", render: ({ name }) => name, sort: ({ name }) => name },
  { title: "Title", render: ({ title }) => visible(title), sort: ({ title }) => title },
  {
    title: "Issuer",
    className: "ui-wide",
    render: ({ issuer }) => <span className="ui-mono">{issuer}</span>,
    sort: ({ issuer }) => issuer,
  },
  { title: "Accounts", className: "ui-less-wide", render: accountsWords, sort: accountsWords },
  {
    title: "State",
    className: "ui-short",
    render: ({ is_enabled: isOn }) => <OnOff isOn={isOn} />,
    sort: ({ is_enabled: isOn }) => Number(isOn),
  },
];

function Providers() {
  const mayChange = useMayChange();
  const providers = useQuery(providersQuery);
  const items = providers.data?.items;
  const { item: provider, isCreated, isEdited, gone, isOpen, create, show, edit, close } = useNamedAside(items);
  return (
    <Page
      title="Sign-in providers"
      sections={<SettingsSections />}
      count={<Count count={items?.length} noun="provider" />}
      controls={
        mayChange && (
          <Button appearance="positive" onClick={create}>
            Add provider
          </Button>
        )
      }
      aside={
        isCreated ? (
          <CreateProviderPanel onCreated={show} onClose={close} />
        ) : provider === undefined ? undefined : isEdited ? (
          <EditProviderPanel key={provider.name} provider={provider} onDone={show} onClose={close} />
        ) : (
          <ProviderPanel key={provider.name} provider={provider} onEdit={() => edit(provider)} onClose={close} />
        )
      }
    >
      {gone !== undefined && <Gone what="provider" name={gone} />}
      <Loaded query={providers}>
        {(data) =>
          data.items.length === 0 ? (
            <Empty
              title="There are no sign-in providers."
              next={mayChange ? { words: "Add the first provider", onAct: create } : undefined}
            >
              People log in with a password. Add a provider that speaks OpenID Connect, such as Keycloak or Entra ID.
            </Empty>
          ) : (
            <List
              label="Sign-in providers"
              items={data.items}
              keyOf={({ name }) => name}
              columns={columns}
              onOpen={show}
              isOpen={isOpen}
            />
          )
        }
      </Loaded>
    </Page>
  );
}
