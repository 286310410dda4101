import Textarea from "@canonical/react-components/dist/esm/components/Textarea";
import { useQueryClient } from "@tanstack/react-query";
import { request } from "../api/request.ts";
import { FormPanel } from "../page/forms/form-panel.tsx";
import { useForm } from "../page/forms/use-form.ts";
import { announce } from "../shell/live-region.tsx";
import { nameOf, sslKeysQuery } from "./ssl-key.ts";

/** Adds a certificate. */
export function AddSslKeyPanel({ onClose }: { readonly onClose: () => void }) {
  const queryClient = useQueryClient();
  const form = useForm({
    initial: { key: "" },
    submit: (body) => request("POST /account/ssl-keys", { body }),
    blames: () => "key",
    onDone: (key) => {
      announce(`Added SSL key '${nameOf(key)}'.`);
      void queryClient.invalidateQueries({ queryKey: sslKeysQuery.queryKey });
      onClose();
    },
  });
  return (
    <FormPanel
      title="Add SSL key"
      verb="Add SSL key"
      form={form}
      isReady={form.values.key.trim() !== ""}
      onClose={onClose}
    >
      <Textarea
        label="Certificate"
        required
        className="ui-mono"
        rows={12}
        spellCheck={false}
        {...form.told("key", "X.509 in PEM, without the private key.")}
        value={form.values.key}
        onChange={(event) => form.set({ key: event.target.value })}
      />
    </FormPanel>
  );
}
