import Input from "@canonical/react-components/dist/esm/components/Input";
import type { Told } from "../text/told.tsx";

interface NameFieldProps {
  readonly form: {
    readonly values: { readonly name: string };
    told(name: "name", help?: string): Told;
    set(changes: { readonly name: string }): void;
  };
  /** Where the name stands: `events`. */
  readonly where: string;
}

/** The name of something new. */
export function NameField({ form, where }: NameFieldProps) {
  return (
    <Input
      type="text"
      label="Name"
      required
      autoComplete="off"
      autoCapitalize="none"
      spellCheck={false}
      {...form.told("name", `Small letters, digits and hyphens. It stands in ${where} and can't be changed later.`)}
      value={form.values.name}
      onChange={(event) => form.set({ name: event.target.value })}
    />
  );
}
