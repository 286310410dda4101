import { useId } from "react";
import PasswordToggle from "@canonical/react-components/dist/esm/components/PasswordToggle";
import type { Told } from "../text/told.tsx";

interface SecretFieldProps {
  readonly label: string;
  readonly isSet: boolean;
  readonly told: (help: string) => Told;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** A secret that is entered and never shown again: what stands there is another one. */
export function SecretField({ label, isSet, told, value, onChange }: SecretFieldProps) {
  const id = useId();
  return (
    <PasswordToggle
      id={id}
      label={label}
      autoComplete="new-password"
      {...told(secretHelp(isSet))}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

/** What stands below a secret. */
export function secretHelp(isSet: boolean): string {
  return isSet ? "Set. Enter another one to replace it." : "Stored encrypted, shown to nobody.";
}
