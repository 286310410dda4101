import Input from "@canonical/react-components/dist/esm/components/Input";
import type { Told } from "../page/text/told.tsx";

interface ProfileFieldsProps {
  readonly form: {
    readonly values: { readonly last_name: string; readonly email: string };
    told(name: "last_name" | "email"): Told;
    set(changes: { readonly last_name?: string; readonly email?: string }): void;
  };
  /** True where the browser may fill in its owner's. */
  readonly isOwn?: boolean;
  readonly needsEmail?: boolean;
}

/** Name and address of a person, in whatever form they stand. */
export function ProfileFields({ form, isOwn = false, needsEmail = false }: ProfileFieldsProps) {
  return (
    <>
      <Input
        type="text"
        label="Full name"
        autoComplete={isOwn ? "name" : "off"}
        {...form.told("last_name")}
        value={form.values.last_name}
        onChange={(event) => form.set({ last_name: event.target.value })}
      />
      <Input
        type="email"
        label="E-mail"
        required={needsEmail}
        autoComplete={isOwn ? "email" : "off"}
        {...form.told("email")}
        value={form.values.email}
        onChange={(event) => form.set({ email: event.target.value })}
      />
    </>
  );
}
