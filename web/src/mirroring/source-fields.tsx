import CheckboxInput from "@canonical/react-components/dist/esm/components/CheckboxInput";
import Input from "@canonical/react-components/dist/esm/components/Input";
import { SecretField } from "../page/forms/secret-field.tsx";
import type { Told } from "../page/text/told.tsx";
import type { Source } from "./source.ts";

/** What can be changed of a source. Secrets are empty where they stay. */
export interface SourceValues {
  readonly database: string;
  readonly database_password: string;
  readonly url: string;
  readonly apikey: string;
  readonly username: string;
  readonly password: string;
  readonly plain_http: boolean;
  readonly is_enabled: boolean;
}

interface SourceFieldsProps {
  readonly form: {
    readonly values: SourceValues;
    told(name: keyof SourceValues, help?: string): Told;
    set(changes: Partial<SourceValues>): void;
  };
  readonly has: Pick<Source, "has_database_password" | "has_apikey" | "has_password">;
}

/** The fields that new and known sources have in common. */
export function SourceFields({ form, has }: SourceFieldsProps) {
  const { values, told, set } = form;
  return (
    <>
      <Address
        label="Database"
        told={told(
          "database",
          "Such as postgres://ironlog_mirror@maas-db/maasdb: the role, the host, the database. It shows everything. Leave empty to read that MAAS over its API.",
        )}
        value={values.database}
        onChange={(database) => set({ database })}
      />
      <SecretField
        label="Database password"
        isSet={has.has_database_password}
        told={(help) => told("database_password", help)}
        value={values.database_password}
        onChange={(secret) => set({ database_password: secret })}
      />
      <Address
        label="MAAS address"
        told={told(
          "url",
          has.has_apikey
            ? "Where that MAAS answers. Leave empty to remove it and the API key."
            : "Where that MAAS answers, with /MAAS at its end. Leave empty if the database is enough.",
        )}
        value={values.url}
        onChange={(url) => set({ url })}
      />
      <SecretField
        label="API key"
        isSet={has.has_apikey}
        told={(help) => told("apikey", help)}
        value={values.apikey}
        onChange={(secret) => set({ apikey: secret })}
      />
      <Input
        type="text"
        label="Username"
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        {...told(
          "username",
          "MAAS 3.6 and newer: an administrator there. API v3 shows more than API 2.0, which takes the API key.",
        )}
        value={values.username}
        onChange={(event) => set({ username: event.target.value })}
      />
      <SecretField
        label="Password"
        isSet={has.has_password}
        told={(help) => told("password", help)}
        value={values.password}
        onChange={(secret) => set({ password: secret })}
      />
      <CheckboxInput
        label="Allow http"
        help="The API key and the password may go over http:// to another machine. Others on the way can read it."
        checked={values.plain_http}
        onChange={({ currentTarget: { checked } }) => set({ plain_http: checked })}
      />
      <CheckboxInput
        label="Mirror its events"
        help="Without it the source is paused. Later it goes on where it stopped."
        checked={values.is_enabled}
        onChange={({ currentTarget: { checked } }) => set({ is_enabled: checked })}
      />
    </>
  );
}

interface AddressProps {
  readonly label: string;
  readonly told: Told;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

function Address({ label, told, value, onChange }: AddressProps) {
  return (
    <Input
      type="url"
      label={label}
      autoComplete="off"
      spellCheck={false}
      {...told}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
