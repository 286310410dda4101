import { useId, useState } from "react";
import Button from "@canonical/react-components/dist/esm/components/Button";
import CheckboxInput from "@canonical/react-components/dist/esm/components/CheckboxInput";
import Input from "@canonical/react-components/dist/esm/components/Input";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { readsAll } from "../accounts/role.tsx";
import { sessionQuery } from "../accounts/session.ts";
import { request } from "../api/request.ts";
import { AsidePanel } from "../page/aside-panel.tsx";
import { FormPanel } from "../page/forms/form-panel.tsx";
import { CopiedCode } from "../page/text/copy.tsx";
import { leaveFor, useLeaveGuard } from "../page/forms/leave-guard.ts";
import { Notice } from "../page/states.tsx";
import { useForm } from "../page/forms/use-form.ts";
import { localTime } from "../page/text/time.tsx";
import { dayStart, midnight } from "../page/text/zone.ts";
import { apiKeysQuery, type Scope, scopeWords } from "./api-key.ts";

interface CreateKeyValues {
  readonly name: string;
  /** A day of the reader's calendar; empty for a key without end. */
  readonly expires: string;
  readonly scopes: readonly Scope[];
}

/** A key that nobody thinks of any more ends by itself. */
const offeredDays = 90;

function offeredValues(): CreateKeyValues {
  const end = new Date(midnight(new Date(), offeredDays));
  return { name: "", expires: localTime(end).slice(0, 10), scopes: [] };
}

/** Makes a key, and shows it this once. It is held by this panel alone, and gone with it. */
export function CreateKeyPanel({ onClose }: { readonly onClose: () => void }) {
  const queryClient = useQueryClient();
  const { data: user } = useQuery(sessionQuery);
  const [created, setCreated] = useState<string>();
  const [offeredFirst] = useState(offeredValues);
  const form = useForm({
    initial: offeredFirst,
    submit: ({ name, expires, scopes }) =>
      request("POST /account/tokens", {
        body: {
          ...(name !== "" && { name }),
          ...(expires !== "" && { expires: dayStart(expires).toISOString() }),
          ...(scopes.length > 0 && { scopes: [...scopes] }),
        },
      }),
    onDone: ({ api_key }) => {
      setCreated(api_key);
      void queryClient.invalidateQueries({ queryKey: apiKeysQuery.queryKey });
    },
  });
  if (created !== undefined) return <CreatedKey apiKey={created} onClose={onClose} />;
  const { name, expires, scopes } = form.values;
  const offered: readonly Scope[] = [
    "events:read",
    ...(user?.is_superuser === true ? (["events:write"] as const) : []),
    ...(readsAll(user) ? (["audit"] as const) : []),
  ];
  return (
    <FormPanel title="Add API key" verb="Add API key" form={form} onClose={onClose}>
      <Input
        type="text"
        label="Name"
        autoComplete="off"
        {...form.told("name", "What the key is for. Leave empty for 'MAAS consumer'.")}
        value={name}
        onChange={(event) => form.set({ name: event.target.value })}
      />
      <Input
        type="date"
        label="Ends on"
        {...form.told("expires", "It ends at the beginning of that day. Leave empty for no expiry.")}
        value={expires}
        onChange={(event) => form.set({ expires: event.target.value })}
      />
      <fieldset className="ui-fieldset">
        <legend>What it may do</legend>
        {offered.map((scope) => (
          <CheckboxInput
            key={scope}
            label={`${scopeWords[scope].charAt(0).toUpperCase()}${scopeWords[scope].slice(1)} (${scope})`}
            checked={scopes.includes(scope)}
            onChange={(event) =>
              form.set({
                scopes: event.currentTarget.checked ? [...scopes, scope] : scopes.filter((other) => other !== scope),
              })
            }
          />
        ))}
        {form.fieldError("scopes") === undefined ? (
          <p className="p-form-help-text">Without a choice the key has all your permissions.</p>
        ) : (
          <div className="is-error">
            <p className="p-form-validation__message" role="alert">
              {form.fieldError("scopes")}
            </p>
          </div>
        )}
      </fieldset>
    </FormPanel>
  );
}

function CreatedKey({ apiKey, onClose }: { readonly apiKey: string; readonly onClose: () => void }) {
  const { leaves } = useLeaveGuard(useId(), true, "Leave without copying the API key? It won't be shown again.");
  const closeCopied = (): void => {
    leaves();
    onClose();
  };
  return (
    <AsidePanel title="API key added" onClose={() => leaveFor(onClose)}>
      <Notice severity="caution" title="Copy this API key now. It won't be shown again." takesFocus />
      <CopiedCode text={apiKey} what="the API key" />
      <div className="ui-form__buttons">
        <Button type="button" appearance="positive" onClick={closeCopied}>
          I have copied it
        </Button>
      </div>
    </AsidePanel>
  );
}
