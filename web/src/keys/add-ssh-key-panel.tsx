import Input from "@canonical/react-components/dist/esm/components/Input";
import Select from "@canonical/react-components/dist/esm/components/Select";
import Textarea from "@canonical/react-components/dist/esm/components/Textarea";
import { useQueryClient } from "@tanstack/react-query";
import { request } from "../api/request.ts";
import { FormPanel } from "../page/forms/form-panel.tsx";
import { useForm } from "../page/forms/use-form.ts";
import { announce } from "../shell/live-region.tsx";
import { sshKeysQuery } from "./ssh-key.ts";

const sources = [
  { value: "lp", label: "Launchpad" },
  { value: "gh", label: "GitHub" },
  { value: "upload", label: "Upload" },
];

/** Adds one key by hand, or all that somebody has published. */
export function AddSshKeyPanel({ onClose }: { readonly onClose: () => void }) {
  const queryClient = useQueryClient();
  const form = useForm({
    initial: { from: "lp", source: "", key: "" },
    submit: async ({ from, source, key }) => {
      if (from !== "upload") {
        const { items } = await request("POST /account/ssh-keys/imports", { body: { source: `${from}:${source}` } });
        return `Imported: ${items.length} ${items.length === 1 ? "key is" : "keys are"} there from this source.`;
      }
      await request("POST /account/ssh-keys", { body: { key } });
      return "Added an SSH key.";
    },
    // The refusal of an import is MAAS's, and that of a key that is there already.
    blames: (values) => (values.from === "upload" ? "key" : "source"),
    onDone: (sentence) => {
      announce(sentence);
      void queryClient.invalidateQueries({ queryKey: sshKeysQuery.queryKey });
      onClose();
    },
  });
  const { from, source, key } = form.values;
  const isUpload = from === "upload";
  const server = from === "gh" ? "GitHub" : "Launchpad";
  return (
    <FormPanel
      title="Add SSH key"
      verb={isUpload ? "Add SSH key" : "Import SSH keys"}
      form={form}
      isReady={(isUpload ? key : source).trim() !== ""}
      onClose={onClose}
    >
      <Select
        label="Source"
        options={sources}
        value={from}
        onChange={(event) => form.set({ from: event.target.value })}
      />
      {isUpload ? (
        <Textarea
          label="Public key"
          required
          className="ui-mono"
          rows={8}
          spellCheck={false}
          {...form.told("key", "Its type, its data and a comment, as they stand in a .pub file.")}
          value={key}
          onChange={(event) => form.set({ key: event.target.value })}
        />
      ) : (
        <Input
          type="text"
          label={`${server} ID`}
          required
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          {...form.told("source", `All public keys of this ${server} user are imported, or none.`)}
          value={source}
          onChange={(event) => form.set({ source: event.target.value })}
        />
      )}
    </FormPanel>
  );
}
