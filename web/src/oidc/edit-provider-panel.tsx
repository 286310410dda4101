import { useState } from "react";
import ActionButton from "@canonical/react-components/dist/esm/components/ActionButton";
import Button from "@canonical/react-components/dist/esm/components/Button";
import { useMutation } from "@tanstack/react-query";
import { type Answer, request } from "../api/request.ts";
import { AsidePanel } from "../page/aside-panel.tsx";
import { ConfirmedAct } from "../page/forms/confirmed-act.tsx";
import { Failure, Notice } from "../page/states.tsx";
import { useForm } from "../page/forms/use-form.ts";
import { announce } from "../shell/live-region.tsx";
import { Addresses } from "./addresses.tsx";
import { type Provider, refreshProviders } from "./provider.ts";
import { ProviderFields, type ProviderValues } from "./provider-fields.tsx";

/** Everything that can be changed of a provider, and a test whether it can be used. */
export function EditProviderPanel({
  provider,
  onClose,
}: {
  readonly provider: Provider;
  readonly onClose: () => void;
}) {
  const { name } = provider;
  const form = useForm<ProviderValues, Provider>({
    initial: valuesOf(provider),
    submit: ({ client_secret: secret, ...body }) =>
      request("PATCH /oidc-providers/{name}", {
        path: { name },
        body: { ...body, ...(secret !== "" && { client_secret: secret }) },
      }),
    onDone: (saved) => {
      announce(`Saved '${name}'.`);
      form.reset(valuesOf(saved));
      void refreshProviders();
    },
  });
  return (
    <AsidePanel title={`Edit provider '${name}'`} onClose={() => form.leaveFor(onClose)}>
      <p className="ui-mono">{provider.issuer}</p>
      <Addresses addresses={provider} />
      <Use provider={provider} />
      <form noValidate autoComplete="off" onSubmit={form.onSubmit} aria-label={`Settings of '${name}'`}>
        {form.formError !== undefined && <Failure error={form.formError} />}
        <ProviderFields form={form} hasSecret={provider.has_client_secret} />
        <ActionButton type="submit" appearance="positive" loading={form.isPending} disabled={!form.isChanged}>
          Save provider
        </ActionButton>
      </form>
    </AsidePanel>
  );
}

/** Tries the provider, and lets people in through it or not. */
function Use({ provider }: { readonly provider: Provider }) {
  const { name, is_enabled: isEnabled } = provider;
  const [isAsked, setAsked] = useState(false);
  const test = useMutation({
    mutationFn: () => request("POST /oidc-providers/{name}/test", { path: { name } }),
    gcTime: 0,
  });
  const set = (wanted: boolean) =>
    request("PATCH /oidc-providers/{name}", { path: { name }, body: { is_enabled: wanted } });
  const enable = useMutation({
    mutationFn: () => set(true),
    gcTime: 0,
    onSuccess: () => {
      announce(`Enabled '${name}'.`);
      void refreshProviders();
    },
  });
  return (
    <section className="ui-section" aria-label="Use">
      <div className="ui-form__buttons">
        <ActionButton type="button" loading={test.isPending} onClick={() => test.mutate()}>
          Test provider
        </ActionButton>
        <Button disabled={enable.isPending} onClick={() => (isEnabled ? setAsked(true) : enable.mutate())}>
          {isEnabled ? "Disable provider" : "Enable provider"}
        </Button>
      </div>
      {test.error !== null && <Failure error={test.error} />}
      {enable.error !== null && <Failure error={enable.error} />}
      {test.data !== undefined && <Tested tested={test.data} />}
      {isAsked && (
        <ConfirmedAct
          title={`Disable provider '${name}'?`}
          verb="Disable provider"
          act={() => set(false)}
          done={`Disabled '${name}'.`}
          onDone={refreshProviders}
          onClose={() => setAsked(false)}
        >
          Nobody comes in through it any more, and the sessions that were opened through it end.
        </ConfirmedAct>
      )}
    </section>
  );
}

function Tested({ tested }: { readonly tested: Answer<"POST /oidc-providers/{name}/test"> }) {
  const { is_usable: isUsable, problems, notes } = tested;
  const sentences = [...problems, ...notes];
  return (
    <Notice
      severity={isUsable ? "positive" : "negative"}
      title={isUsable ? "The provider can be used." : "The provider can't be used."}
      takesFocus
    >
      {sentences.length > 0 && (
        <ul className="u-no-margin--bottom">
          {sentences.map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      )}
    </Notice>
  );
}

function valuesOf(provider: Provider): ProviderValues {
  const { title, client_id, accounts, scopes, username_claim, role_claim } = provider;
  const { administrator_value, auditor_value, required_claim, required_value } = provider;
  const claims = { username_claim, role_claim, administrator_value, auditor_value, required_claim, required_value };
  return { title, client_id, client_secret: "", accounts, scopes, ...claims };
}
