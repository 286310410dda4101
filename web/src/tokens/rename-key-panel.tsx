import Input from "@canonical/react-components/dist/esm/components/Input";
import { useQueryClient } from "@tanstack/react-query";
import { request } from "../api/request.ts";
import { FormPanel } from "../page/forms/form-panel.tsx";
import { useForm } from "../page/forms/use-form.ts";
import { announce } from "../shell/live-region.tsx";
import { type ApiKey, apiKeysQuery } from "./api-key.ts";

/** Gives a key another name. */
export function RenameKeyPanel({ apiKey, onClose }: { readonly apiKey: ApiKey; readonly onClose: () => void }) {
  const queryClient = useQueryClient();
  const form = useForm({
    initial: { name: apiKey.name },
    submit: (body) => request("PATCH /account/tokens/{token_key}", { path: { token_key: apiKey.token_key }, body }),
    onDone: ({ name }) => {
      announce(`Renamed the API key to '${name}'.`);
      void queryClient.invalidateQueries({ queryKey: apiKeysQuery.queryKey });
      onClose();
    },
  });
  return (
    <FormPanel
      title={`Rename API key '${apiKey.name}'`}
      verb="Rename API key"
      form={form}
      isReady={form.isChanged}
      onClose={onClose}
    >
      <Input
        type="text"
        label="Name"
        autoComplete="off"
        {...form.told("name")}
        value={form.values.name}
        onChange={(event) => form.set({ name: event.target.value })}
      />
    </FormPanel>
  );
}
