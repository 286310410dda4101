import { useId } from "react";
import Input from "@canonical/react-components/dist/esm/components/Input";
import PasswordToggle from "@canonical/react-components/dist/esm/components/PasswordToggle";
import Select from "@canonical/react-components/dist/esm/components/Select";
import type { Told } from "../page/text/told.tsx";
import type { Provider } from "./provider.ts";

const textNames = [
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

type TextName = (typeof textNames)[number];

/** What can be changed of a provider. */
export type ProviderValues = Pick<Provider, TextName | "accounts"> & {
  /** Empty where it stays. */
  readonly client_secret: string;
};

const labels: Readonly<Record<TextName, readonly [label: string, help: string]>> = {
  title: ["Title", "What the button on the login page says."],
  client_id: ["Client ID", "What the provider calls this server."],
  scopes: ["Scopes", "What the provider is asked for: openid, and more behind blanks."],
  username_claim: ["Username claim", "Names an account that is created."],
  role_claim: ["Role claim", "Holds the roles, such as groups. Empty: roles are given here."],
  administrator_value: ["Value for administrators", "Empty for none."],
  auditor_value: ["Value for auditors", "Empty for none."],
  required_claim: ["Required claim", "Nobody comes in without it. Empty for none."],
  required_value: ["Its value", "Such as your domain, for Google's hd."],
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
  const id = useId();
  const field = (name: TextName) => (
    <Input
      key={name}
      type="text"
      label={labels[name][0]}
      autoComplete="off"
      autoCapitalize="none"
      spellCheck={false}
      {...form.told(name, labels[name][1])}
      value={form.values[name]}
      onChange={(event) => form.set({ [name]: event.target.value })}
    />
  );
  return (
    <>
      {(["title", "client_id"] as const).map(field)}
      <PasswordToggle
        id={id}
        label="Client secret"
        autoComplete="new-password"
        {...form.told(
          "client_secret",
          hasSecret ? "Set. Leave empty to keep it." : "Stored encrypted, shown to nobody.",
        )}
        value={form.values.client_secret}
        onChange={(event) => form.set({ client_secret: event.target.value })}
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
