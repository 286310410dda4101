import Select from "@canonical/react-components/dist/esm/components/Select";
import { FilterField } from "../events/filter/filter-field.tsx";
import type { DestinationValues } from "./destination-values.ts";
import { type DestinationForm, type HasSecrets, TransportField } from "./transport-field.tsx";
import { formatWords, isShown, type SettingName, type Transport, transports } from "./transports.ts";

interface DestinationFieldsProps {
  readonly transport: Transport;
  readonly form: DestinationForm & { fieldError(name: keyof DestinationValues): string | undefined };
  readonly has: HasSecrets;
}

/** The fields that new and known destinations of a transport have in common. */
export function DestinationFields({ transport, form, has }: DestinationFieldsProps) {
  const { first, more, formats } = transports[transport];
  const { values, told, set } = form;
  const fields = (names: readonly SettingName[]) =>
    names
      .filter((name) => isShown(name, values.format))
      .map((name) => <TransportField key={name} name={name} transport={transport} form={form} has={has} />);
  // What was refused must be seen.
  const isNeeded = more.some((name) => form.fieldError(name) !== undefined);
  return (
    <>
      {formats.length > 1 && (
        <Select
          label="Format"
          options={formats.map((value) => ({ value, label: formatWords[value] }))}
          {...told("format")}
          value={values.format}
          onChange={(event) => {
            const format = formats.find((one) => one === event.target.value);
            if (format !== undefined) set({ format });
          }}
        />
      )}
      {fields(first)}
      {transport !== "email" && (
        <FilterField
          told={(help) => told("filter", help)}
          ifEmpty="Leave empty for all events."
          value={values.filter}
          onChange={(filter) => set({ filter })}
        />
      )}
      <details className="ui-more" {...(isNeeded && { open: true })}>
        <summary>More settings</summary>
        {fields(more)}
      </details>
    </>
  );
}
