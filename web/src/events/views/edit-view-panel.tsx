import CheckboxInput from "@canonical/react-components/dist/esm/components/CheckboxInput";
import { request } from "../../api/request.ts";
import { FormPanel } from "../../page/forms/form-panel.tsx";
import { useForm } from "../../page/forms/use-form.ts";
import { visible } from "../../page/text/visible.ts";
import { announce } from "../../shell/live-region.tsx";
import { refreshViews, type Shape, shapeBody, type View } from "./view.ts";
import { ViewFields } from "./view-fields.tsx";

interface EditViewPanelProps {
  readonly view: View;
  /** What the page shows now. */
  readonly shape: Shape;
  readonly onClose: () => void;
}

/** Gives a view another name, shares it, has it show what the page shows. */
export function EditViewPanel({ view, shape, onClose }: EditViewPanelProps) {
  const { id, name, is_shared } = view;
  const form = useForm({
    initial: { name, is_shared, takesPage: false },
    submit: async ({ takesPage, ...values }) =>
      request("PATCH /views/{id}", {
        path: { id },
        body: {
          ...values,
          name: values.name.trim(),
          ...(takesPage && shapeBody(shape)),
        },
      }),
    onDone: ({ name: saved }) => {
      announce(`Saved view '${saved}'.`);
      void refreshViews().then(onClose);
    },
  });
  return (
    <FormPanel
      title={`Edit view '${visible(name)}'`}
      verb="Save view"
      form={form}
      isReady={form.isChanged}
      onClose={onClose}
    >
      <ViewFields form={form} />
      <CheckboxInput
        label="Show what the page shows now"
        help={`Takes the filter (${shape.filter === "" ? "all events" : visible(shape.filter)}), the columns and the order of the page.`}
        checked={form.values.takesPage}
        onChange={({ currentTarget: { checked } }) => form.set({ takesPage: checked })}
      />
    </FormPanel>
  );
}
