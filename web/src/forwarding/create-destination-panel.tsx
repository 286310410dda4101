import { useState } from "react";
import CheckboxInput from "@canonical/react-components/dist/esm/components/CheckboxInput";
import Select from "@canonical/react-components/dist/esm/components/Select";
import { request, type RequestParts } from "../api/request.ts";
import { FormPanel } from "../page/forms/form-panel.tsx";
import { NameField } from "../page/forms/name-field.tsx";
import { useForm } from "../page/forms/use-form.ts";
import { announce } from "../shell/live-region.tsx";
import { type Destination, refreshDestinations } from "./destination.ts";
import { DestinationFields } from "./destination-fields.tsx";
import { changesOf, type DestinationValues, emptyValues, firstFormat } from "./destination-values.ts";
import { StartField } from "./start-field.tsx";
import { type Transport, transportNames, transports } from "./transports.ts";

type NewDestination = RequestParts<"POST /destinations">["body"];

interface CreateValues extends DestinationValues {
  readonly name: string;
  readonly start: string;
  readonly is_enabled: boolean;
}

const noSecrets = { token: false, password: false, signing_key: false, client_key: false };

interface CreateDestinationPanelProps {
  readonly onCreated: (destination: Destination) => void;
  readonly onClose: () => void;
}

/** Adds a destination: how events get there is chosen first, then come the fields of that. */
export function CreateDestinationPanel({ onCreated, onClose }: CreateDestinationPanelProps) {
  const [transport, setTransport] = useState<Transport>("syslog");
  const form = useForm<CreateValues, Destination>({
    initial: { ...emptyValues("syslog"), name: "", start: "now", is_enabled: true },
    submit: async (values) => {
      const { name, start, is_enabled, format } = values;
      const given = changesOf(transport, values, emptyValues(transport));
      // Of the names and types of the API.
      const body = { ...given, name, transport, format, start, is_enabled } as NewDestination;
      return request("POST /destinations", { body });
    },
    onDone: (added) => {
      announce(`Added destination '${added.name}'.`);
      void refreshDestinations().then(() => onCreated(added));
    },
  });
  const { values, told, set } = form;
  return (
    <FormPanel
      title="Add destination"
      verb="Add destination"
      form={form}
      isReady={values.name !== "" && values.start !== "" && `${values.url}${values.directory}` !== ""}
      onClose={onClose}
    >
      <Select
        label="Transport"
        options={transportNames.map((value) => ({ value, label: transports[value].words }))}
        value={transport}
        onChange={(event) => {
          const chosen = transportNames.find((name) => name === event.target.value) ?? "syslog";
          setTransport(chosen);
          set({ format: firstFormat(chosen) });
        }}
      />
      <NameField form={form} where="events" />
      <DestinationFields transport={transport} form={form} has={noSecrets} />
      {transport !== "email" && (
        <StartField told={(help) => told("start", help)} onChange={(start) => set({ start })} />
      )}
      <CheckboxInput
        label="Send at once"
        help="Otherwise it is added paused, and can be tested first."
        checked={values.is_enabled}
        onChange={({ currentTarget: { checked } }) => set({ is_enabled: checked })}
      />
    </FormPanel>
  );
}
