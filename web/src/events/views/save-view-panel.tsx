import { request } from "../../api/request.ts";
import { FormPanel } from "../../page/forms/form-panel.tsx";
import { useForm } from "../../page/forms/use-form.ts";
import { visible } from "../../page/text/visible.ts";
import { announce } from "../../shell/live-region.tsx";
import { refreshViews, type Shape, shapeBody, type View } from "./view.ts";
import { ViewFields, type ViewValues } from "./view-fields.tsx";

interface SaveViewPanelProps {
  readonly shape: Shape;
  readonly onSaved: (view: View) => void;
  readonly onClose: () => void;
}

/** Keeps what the page shows under a name. */
export function SaveViewPanel({ shape, onSaved, onClose }: SaveViewPanelProps) {
  const form = useForm<ViewValues, View>({
    initial: { name: "", is_shared: false },
    submit: async ({ name, is_shared }) =>
      request("POST /views", {
        body: { ...shapeBody(shape), name: name.trim(), is_shared },
      }),
    onDone: (view) => {
      announce(`Saved view '${view.name}'.`);
      void refreshViews().then(() => onSaved(view));
    },
  });
  return (
    <FormPanel
      title="Save view"
      verb="Save view"
      form={form}
      isReady={form.values.name.trim() !== ""}
      onClose={onClose}
      before={
        <p>
          The filter {shape.filter === "" ? "of all events" : <span className="ui-mono">{visible(shape.filter)}</span>},
          with the columns and the order that the page has now.
        </p>
      }
    >
      <ViewFields form={form} />
    </FormPanel>
  );
}
