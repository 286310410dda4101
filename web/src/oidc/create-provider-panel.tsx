import Input from "@canonical/react-components/dist/esm/components/Input";
import { base } from "../api/base.ts";
import { request } from "../api/request.ts";
import { FormPanel } from "../page/forms/form-panel.tsx";
import { NameField } from "../page/forms/name-field.tsx";
import { useForm } from "../page/forms/use-form.ts";
import { announce } from "../shell/live-region.tsx";
import { Addresses } from "./addresses.tsx";
import { type Provider, refreshProviders } from "./provider.ts";
import { ProviderFields } from "./provider-fields.tsx";

const empty = {
  name: "",
  issuer: "",
  title: "",
  client_id: "",
  client_secret: "",
  accounts: "link" as const,
  scopes: "openid profile email",
  username_claim: "preferred_username",
  role_claim: "",
  administrator_value: "",
  auditor_value: "",
  required_claim: "",
  required_value: "",
};

interface CreateProviderPanelProps {
  /** Shows the new provider, to be tested. */
  readonly onCreated: (provider: Provider) => void;
  readonly onClose: () => void;
}

/** Adds a provider, which lets nobody in yet. */
export function CreateProviderPanel({ onCreated, onClose }: CreateProviderPanelProps) {
  const form = useForm<Omit<typeof empty, "accounts"> & Pick<Provider, "accounts">, Provider>({
    initial: empty,
    submit: ({ title, ...body }) => request("POST /oidc-providers", { body: { ...body, title: title || body.name } }),
    onDone: (provider) => {
      announce(`Added '${provider.name}'.`);
      void refreshProviders().then(() => onCreated(provider));
    },
  });
  const { name, issuer, client_id: clientId } = form.values;
  const own = `${location.origin}${base}`;
  return (
    <FormPanel
      title="Add provider"
      verb="Add provider"
      form={form}
      isReady={name !== "" && issuer !== "" && clientId !== ""}
      onClose={onClose}
    >
      <NameField form={form} where="addresses" />
      <Input
        type="url"
        label="Issuer"
        required
        autoComplete="off"
        {...form.told("issuer", "The provider's address, to the letter. It can't be changed later.")}
        value={issuer}
        onChange={(event) => form.set({ issuer: event.target.value })}
      />
      {name !== "" && (
        <Addresses
          addresses={{
            redirect_uri: `${own}/oidc/${name}/callback`,
            backchannel_logout_uri: `${own}/oidc/${name}/backchannel-logout`,
            post_logout_redirect_uri: `${own}/login`,
          }}
        />
      )}
      <ProviderFields form={form} hasSecret={false} />
    </FormPanel>
  );
}
