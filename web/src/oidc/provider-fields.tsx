import Input from "@canonical/react-components/dist/esm/components/Input";
import Select from "@canonical/react-components/dist/esm/components/Select";
import { SecretField } from "../page/forms/secret-field.tsx";
import type { Told } from "../page/text/told.tsx";
import type { Provider } from "./provider.ts";

/** The settings that are a line of text, in the order in which they are shown. */
export const textNames = [
  "title",
  "client_id",
  "scopes",
  "username_claim",
  "role_claim",
  "administrator_value",
  "auditor_value",
  "required_claim",
  "required_value",
] as const;

export type ProviderText = (typeof textNames)[number];

/** What can be changed of a provider. */
export type ProviderValues = Pick<Provider, ProviderText | "accounts"> & {
  /** Empty where it stays. */
  readonly client_secret: string;
};

/** What they are called, and what they are for. */
export const providerLabels: Readonly<Record<ProviderText, readonly [label: string, help: string]>> = {
  title: ["Title", "What the button on the login page says."],
  client_id: ["Client ID", "What the provider calls this server."],
  scopes: ["Scopes", "What the provider is asked for: openid, and more behind blanks."],
  username_claim: ["Username claim", "Names an account that is created."],
  role_claim: ["Role claim", "Holds the roles, such as groups. Leave empty to give roles here."],
  administrator_value: ["Value for administrators", "Leave empty for none."],
  auditor_value: ["Value for auditors", "Leave empty for none."],
  required_claim: ["Required claim", "People without it can't log in. Leave empty for none."],
  required_value: ["Required value", "Such as your domain, for Google's hd."],
};

interface ProviderFieldsProps {
  readonly form: {
    readonly values: ProviderValues;
    told(name: keyof ProviderValues, help?: string): Told;
    set(changes: Partial<ProviderValues>): void;
  };
  readonly hasSecret: boolean;
}

/** The fields that new and known providers have in common. */
export function ProviderFields({ form, hasSecret }: ProviderFieldsProps) {
  const field = (name: ProviderText) => (
    <Input
      key={name}
      type="text"
      label={providerLabels[name][0]}
      required={name === "client_id"}
      autoComplete="off"
      autoCapitalize="none"
      spellCheck={false}
      {...form.told(name, providerLabels[name][1])}
      value={form.values[name]}
      onChange={(event) => form.set({ [name]: event.target.value })}
    />
  );
  return (
    <>
      {(["title", "client_id"] as const).map(field)}
      <SecretField
        label="Client secret"
        isSet={hasSecret}
        told={(help) => form.told("client_secret", help)}
        value={form.values.client_secret}
        onChange={(secret) => form.set({ client_secret: secret })}
      />
      <Select
        label="Accounts"
        options={[
          { value: "link", label: "only linked accounts come in" },
          { value: "create", label: "the first login creates an account" },
        ]}
        {...form.told("accounts", "People link their own on the page My preferences.")}
        value={form.values.accounts}
        onChange={(event) => form.set({ accounts: event.target.value === "create" ? "create" : "link" })}
      />
      {textNames.slice(2).map(field)}
    </>
  );
}
