import { useId } from "react";
import CheckboxInput from "@canonical/react-components/dist/esm/components/CheckboxInput";
import Input from "@canonical/react-components/dist/esm/components/Input";
import Select from "@canonical/react-components/dist/esm/components/Select";
import Textarea from "@canonical/react-components/dist/esm/components/Textarea";
import { SecretField, secretHelp } from "../page/forms/secret-field.tsx";
import type { Told } from "../page/text/told.tsx";
import type { DestinationValues } from "./destination-values.ts";
import {
  isSecret,
  type SecretName,
  type SettingName,
  settings,
  tokenLabel,
  type Transport,
  transports,
} from "./transports.ts";

export interface DestinationForm {
  readonly values: DestinationValues;
  told(name: keyof DestinationValues, help?: string): Told;
  set(changes: Partial<DestinationValues>): void;
}

/** Which secrets a destination has already. */
export type HasSecrets = Readonly<Record<SecretName, boolean>>;

export interface TransportFieldProps {
  readonly name: SettingName;
  readonly transport: Transport;
  readonly form: DestinationForm;
  readonly has: HasSecrets;
}

/** One setting of a destination. */
export function TransportField({ name, transport, form, has }: TransportFieldProps) {
  const facts = settings[name];
  const { values, set } = form;
  const help = name === "url" ? transports[transport].address : facts.help;
  const value = values[name];
  const change = (to: string | boolean): void => set({ [name]: to });
  if (typeof value === "boolean") {
    return (
      <CheckboxInput
        label={facts.label}
        help={help}
        checked={value}
        onChange={({ currentTarget: { checked } }) => change(checked)}
      />
    );
  }
  if (isSecret(name)) return <Secret name={name} transport={transport} form={form} has={has} />;
  const isRequired = name === "url" || name === "directory";
  const shared = { label: facts.label, required: isRequired, value, ...form.told(name, help) };
  if (facts.kind === "choice") {
    return (
      <Select
        {...shared}
        options={facts.choices.map(([choice, label]) => ({ value: choice, label }))}
        onChange={(event) => change(event.target.value)}
      />
    );
  }
  if (facts.kind === "pem" || facts.kind === "lines") {
    return <Lines {...shared} onChange={change} />;
  }
  return (
    <Input
      type="text"
      {...(facts.kind === "number" && { inputMode: "decimal" as const })}
      autoComplete="off"
      autoCapitalize="none"
      spellCheck={false}
      {...shared}
      onChange={(event) => change(event.target.value)}
    />
  );
}

/** A secret, and the way to be rid of one that the destination can do without. */
function Secret({ name, transport, form, has }: Omit<TransportFieldProps, "name"> & { readonly name: SecretName }) {
  const { values, told, set } = form;
  const label = name === "token" ? tokenLabel(transport) : settings[name].label;
  const help = [secretHelp(has[name]), settings[name].help].filter((text) => text !== undefined).join(" ");
  const change = (secret: string): void => set({ [name]: secret });
  const isRemoved = values.removed.includes(name);
  // The others go with what they belong to, and Splunk takes nothing without its token.
  const mayGo = has[name] && (name === "signing_key" || (name === "token" && transport !== "splunk"));
  return (
    <>
      {settings[name].kind === "secret-pem" ? (
        <Lines label={label} value={values[name]} {...told(name, help)} onChange={change} />
      ) : (
        <SecretField
          label={label}
          isSet={has[name]}
          told={() => told(name, help)}
          value={values[name]}
          onChange={change}
        />
      )}
      {mayGo && (
        <CheckboxInput
          label={`Remove the ${label.toLowerCase().replace("api", "API")}`}
          checked={isRemoved}
          onChange={({ currentTarget: { checked } }) =>
            set({ removed: [...values.removed.filter((other) => other !== name), ...(checked ? [name] : [])] })
          }
        />
      )}
    </>
  );
}

interface LinesProps extends Told {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

function Lines({ label, value, onChange, ...told }: LinesProps) {
  const id = useId();
  return (
    <Textarea
      id={id}
      label={label}
      rows={3}
      autoComplete="off"
      spellCheck={false}
      className="ui-mono"
      {...told}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
