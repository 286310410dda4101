import { useMemo } from "react";
import { request, type RequestParts } from "../api/request.ts";
import { FormPanel } from "../page/forms/form-panel.tsx";
import { useForm } from "../page/forms/use-form.ts";
import { announce } from "../shell/live-region.tsx";
import { type Destination, refreshDestinations } from "./destination.ts";
import { DestinationFields } from "./destination-fields.tsx";
import { changesOf, type DestinationValues, valuesOf } from "./destination-values.ts";

interface EditDestinationPanelProps {
  readonly destination: Destination;
  /** Shows the destination again, changed or not. */
  readonly onDone: (destination: Destination) => void;
  readonly onClose: () => void;
}

/** Changes the settings of a destination. */
export function EditDestinationPanel({ destination, onDone, onClose }: EditDestinationPanelProps) {
  const { name, transport } = destination;
  // As they were when the form opened: the list is read again beneath it.
  // oxlint-disable-next-line react-hooks/exhaustive-deps -- once
  const initial = useMemo(() => valuesOf(destination), []);
  const form = useForm<DestinationValues, Destination>({
    initial,
    submit: async (values) => {
      // Of the names and types of the API.
      const body = changesOf(transport, values, initial) as RequestParts<"PATCH /destinations/{name}">["body"];
      return request("PATCH /destinations/{name}", { path: { name }, body });
    },
    onDone: (saved) => {
      announce(`Saved destination '${name}'.`);
      void refreshDestinations().then(() => onDone(saved));
    },
  });
  const has = {
    token: destination.has_token,
    password: destination.has_password,
    signing_key: destination.has_signing_key,
    client_key: destination.has_client_key,
  };
  return (
    <FormPanel
      title={`Edit destination '${name}'`}
      verb="Save destination"
      form={form}
      isReady={form.isChanged}
      onClose={onClose}
      onCancel={() => onDone(destination)}
    >
      <DestinationFields transport={transport} form={form} has={has} />
    </FormPanel>
  );
}
