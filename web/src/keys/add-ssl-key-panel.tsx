import Textarea from "@canonical/react-components/dist/esm/components/Textarea";
import { useQueryClient } from "@tanstack/react-query";
import { request } from "../api/request.ts";
import { AsidePanel } from "../page/aside-panel.tsx";
import { FormButtons } from "../page/forms/form-buttons.tsx";
import { Failure } from "../page/states.tsx";
import { useForm } from "../page/forms/use-form.ts";
import { announce } from "../shell/live-region.tsx";
import { nameOf, sslKeysQuery } from "./ssl-key.ts";

/** Adds a certificate. */
export function AddSslKeyPanel({ onClose }: { readonly onClose: () => void }) {
  const queryClient = useQueryClient();
  const form = useForm({
    initial: { key: "" },
    submit: (body) => request("POST /account/ssl-keys", { body }),
    onDone: (key) => {
      announce(`Added SSL key '${nameOf(key)}'.`);
      void queryClient.invalidateQueries({ queryKey: sslKeysQuery.queryKey });
      onClose();
    },
  });
  return (
    <AsidePanel title="Add SSL key" onClose={() => form.leaveFor(onClose)}>
      {form.formError !== undefined && <Failure error={form.formError} />}
      <form noValidate onSubmit={form.onSubmit}>
        <Textarea
          label="Certificate"
          className="ui-mono"
          rows={12}
          spellCheck={false}
          {...form.told("key", "X.509 in PEM, without the private key.")}
          value={form.values.key}
          onChange={(event) => form.set({ key: event.target.value })}
        />
        <FormButtons verb="Add SSL key" form={form} isReady={form.values.key.trim() !== ""} onClose={onClose} />
      </form>
    </AsidePanel>
  );
}
