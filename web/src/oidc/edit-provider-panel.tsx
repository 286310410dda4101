import { useMemo } from "react";
import { request } from "../api/request.ts";
import { FormPanel } from "../page/forms/form-panel.tsx";
import { useForm } from "../page/forms/use-form.ts";
import { announce } from "../shell/live-region.tsx";
import { type Provider, refreshProviders } from "./provider.ts";
import { ProviderFields, type ProviderValues } from "./provider-fields.tsx";

interface EditProviderPanelProps {
  readonly provider: Provider;
  /** Shows the provider again, changed or not. */
  readonly onDone: (provider: Provider) => void;
  readonly onClose: () => void;
}

/** Changes the settings of a provider. */
export function EditProviderPanel({ provider, onDone, onClose }: EditProviderPanelProps) {
  const { name } = provider;
  // As they were when the form opened: the list is read again beneath it.
  // oxlint-disable-next-line react-hooks/exhaustive-deps -- once
  const initial = useMemo(() => valuesOf(provider), []);
  const form = useForm<ProviderValues, Provider>({
    initial,
    submit: ({ client_secret: secret, ...body }) =>
      request("PATCH /oidc-providers/{name}", {
        path: { name },
        body: { ...body, ...(secret !== "" && { client_secret: secret }) },
      }),
    onDone: (saved) => {
      announce(`Saved provider '${name}'.`);
      void refreshProviders().then(() => onDone(saved));
    },
  });
  return (
    <FormPanel
      title={`Edit provider '${name}'`}
      verb="Save provider"
      form={form}
      isReady={form.isChanged}
      onClose={onClose}
      onCancel={() => onDone(provider)}
    >
      <ProviderFields form={form} hasSecret={provider.has_client_secret} />
    </FormPanel>
  );
}

function valuesOf(provider: Provider): ProviderValues {
  const { title, client_id, accounts, scopes, username_claim, role_claim } = provider;
  const { administrator_value, auditor_value, required_claim, required_value } = provider;
  const claims = { username_claim, role_claim, administrator_value, auditor_value, required_claim, required_value };
  return { title, client_id, client_secret: "", accounts, scopes, ...claims };
}
