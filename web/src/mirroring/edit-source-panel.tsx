import { request } from "../api/request.ts";
import { FormPanel } from "../page/forms/form-panel.tsx";
import { useForm } from "../page/forms/use-form.ts";
import { announce } from "../shell/live-region.tsx";
import { refreshSources, type Source } from "./source.ts";
import { SourceFields, type SourceValues } from "./source-fields.tsx";

interface EditSourcePanelProps {
  readonly source: Source;
  /** Shows the source again, changed or not. */
  readonly onDone: (source: Source) => void;
  readonly onClose: () => void;
}

/** Changes the settings of a source. */
export function EditSourcePanel({ source, onDone, onClose }: EditSourcePanelProps) {
  const { name } = source;
  const form = useForm<SourceValues, Source>({
    initial: {
      database: source.database ?? "",
      database_password: "",
      url: source.url ?? "",
      apikey: "",
      username: source.username ?? "",
      password: "",
      plain_http: source.plain_http,
      is_enabled: source.is_enabled,
    },
    submit: ({ database_password, apikey, password, ...body }) => {
      // A key without an address would be used nowhere.
      const isKeyUseless = body.url === "" && source.has_apikey;
      return request("PATCH /sources/{name}", {
        path: { name },
        body: {
          ...body,
          ...(database_password !== "" && { database_password }),
          ...(password !== "" && { password }),
          ...((apikey !== "" || isKeyUseless) && { apikey }),
        },
      });
    },
    onDone: (saved) => {
      announce(`Saved source '${name}'.`);
      void refreshSources().then(() => onDone(saved));
    },
  });
  return (
    <FormPanel
      title={`Edit source '${name}'`}
      verb="Save source"
      form={form}
      isReady={form.isChanged}
      onClose={onClose}
      onCancel={() => onDone(source)}
    >
      <SourceFields form={form} has={source} />
    </FormPanel>
  );
}
