import { useState } from "react";
import Button from "@canonical/react-components/dist/esm/components/Button";
import { Link } from "@tanstack/react-router";
import { useMayChange } from "../accounts/may-change.ts";
import { request } from "../api/request.ts";
import { AsidePanel } from "../page/aside-panel.tsx";
import { FieldList, type FieldPair, MaybeMono } from "../page/field-list.tsx";
import { ConfirmedAct } from "../page/forms/confirmed-act.tsx";
import { OnOff } from "../page/list/state.tsx";
import { visible } from "../page/text/visible.ts";
import { Addresses } from "./addresses.tsx";
import { type Provider, refreshProviders } from "./provider.ts";
import { providerLabels, type ProviderText, textNames } from "./provider-fields.tsx";
import { ProviderTest } from "./provider-test.tsx";

interface ProviderPanelProps {
  readonly provider: Provider;
  readonly onEdit: () => void;
  readonly onClose: () => void;
}

/** One provider: how it is set up, what it must know of this server, what can be done with it. */
export function ProviderPanel({ provider, onEdit, onClose }: ProviderPanelProps) {
  const mayChange = useMayChange();
  const [asked, setAsked] = useState<"enable" | "disable" | "delete">();
  const { name, is_enabled: isEnabled } = provider;
  return (
    <AsidePanel title={`Provider '${name}'`} onClose={onClose}>
      <Fields provider={provider} />
      <p className="ui-section">
        <Link to="/" search={{ q: `target:provider/${name}` }}>
          Show what was done to it
        </Link>
      </p>
      <Addresses addresses={provider} />
      {mayChange && <ProviderTest name={name} />}
      {mayChange && (
        <div className="ui-form__buttons ui-section">
          <Button onClick={onEdit}>Edit provider</Button>
          {isEnabled ? (
            <Button onClick={() => setAsked("disable")}>Disable provider</Button>
          ) : (
            <Button onClick={() => setAsked("enable")}>Enable provider</Button>
          )}
          <Button onClick={() => setAsked("delete")}>Delete provider</Button>
        </div>
      )}
      {asked !== undefined && (
        <Asked name={name} asked={asked} onDeleted={onClose} onClose={() => setAsked(undefined)} />
      )}
    </AsidePanel>
  );
}

function Fields({ provider }: { readonly provider: Provider }) {
  const field = (name: ProviderText): FieldPair => [
    providerLabels[name][0],
    <MaybeMono key={name} text={provider[name] || null} />,
  ];
  const fields: readonly FieldPair[] = [
    ["State", <OnOff key="state" isOn={provider.is_enabled} />],
    ["Title", visible(provider.title)],
    ["Issuer", <MaybeMono key="issuer" text={provider.issuer} />],
    ["Accounts", provider.accounts === "create" ? "the first login creates one" : "only linked ones come in"],
    field("client_id"),
    ["Client secret", provider.has_client_secret ? "set" : "none"],
    ...textNames.filter((name) => name !== "title" && name !== "client_id").map(field),
  ];
  return <FieldList fields={fields} />;
}

interface AskedProps {
  readonly name: string;
  readonly asked: "enable" | "disable" | "delete";
  readonly onDeleted: () => void;
  readonly onClose: () => void;
}

/** What comes of it, before it is done. */
function Asked({ name, asked, onDeleted, onClose }: AskedProps) {
  const path = { name };
  switch (asked) {
    case "enable":
      return (
        <ConfirmedAct
          title={`Enable provider '${name}'?`}
          verb="Enable provider"
          appearance="positive"
          act={() => request("PATCH /oidc-providers/{name}", { path, body: { is_enabled: true } })}
          done={`Enabled provider '${name}'.`}
          onDone={refreshProviders}
          onClose={onClose}
        >
          The login page offers it to everybody. Test it first.
        </ConfirmedAct>
      );
    case "disable":
      return (
        <ConfirmedAct
          title={`Disable provider '${name}'?`}
          verb="Disable provider"
          act={() => request("PATCH /oidc-providers/{name}", { path, body: { is_enabled: false } })}
          done={`Disabled provider '${name}'.`}
          onDone={refreshProviders}
          onClose={onClose}
        >
          Nobody logs in through it any more, and the sessions that were opened through it end.
        </ConfirmedAct>
      );
    case "delete":
      return (
        <ConfirmedAct
          title={`Delete provider '${name}'?`}
          verb="Delete provider"
          name={name}
          act={() => request("DELETE /oidc-providers/{name}", { path })}
          done={`Deleted provider '${name}'.`}
          onDone={async () => {
            onDeleted();
            await refreshProviders();
          }}
          onClose={onClose}
        >
          All links of accounts to it are deleted, and the sessions that were opened through it end. The accounts stay.
        </ConfirmedAct>
      );
  }
}
