import { request } from "../api/request.ts";
import { FormPanel } from "../page/forms/form-panel.tsx";
import { NameField } from "../page/forms/name-field.tsx";
import { useForm } from "../page/forms/use-form.ts";
import { announce } from "../shell/live-region.tsx";
import { HostCommands } from "./host-commands.tsx";
import { refreshSources, type Source } from "./source.ts";
import { SourceFields, type SourceValues } from "./source-fields.tsx";

const empty = {
  name: "",
  database: "",
  database_password: "",
  url: "",
  apikey: "",
  username: "",
  password: "",
  plain_http: false,
  is_enabled: true,
};

interface CreateSourcePanelProps {
  readonly onCreated: (source: Source) => void;
  readonly onClose: () => void;
}

/** Adds a source, which is mirrored from then on. */
export function CreateSourcePanel({ onCreated, onClose }: CreateSourcePanelProps) {
  const form = useForm<SourceValues & { readonly name: string }, Source>({
    initial: empty,
    // What is empty isn't given.
    submit: ({ name, plain_http, is_enabled, ...optional }) => {
      const given = Object.fromEntries(Object.entries(optional).filter(([, text]) => text !== ""));
      return request("POST /sources", { body: { name, plain_http, is_enabled, ...given } });
    },
    onDone: (added) => {
      announce(`Added source '${added.name}'.`);
      void refreshSources().then(() => onCreated(added));
    },
  });
  const { name, database, url } = form.values;
  return (
    <FormPanel
      title="Add source"
      verb="Add source"
      form={form}
      isReady={name !== "" && `${database}${url}` !== ""}
      onClose={onClose}
      before={<HostCommands />}
    >
      <NameField form={form} where="events" />
      <SourceFields form={form} has={{ has_database_password: false, has_apikey: false, has_password: false }} />
    </FormPanel>
  );
}
