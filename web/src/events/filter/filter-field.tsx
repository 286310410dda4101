import Textarea from "@canonical/react-components/dist/esm/components/Textarea";
import { Link } from "@tanstack/react-router";
import type { Told } from "../../page/text/told.tsx";

interface FilterFieldProps {
  /** Where the form is wrong, why. */
  readonly told: (help: string) => Told;
  /** What an empty filter means. */
  readonly ifEmpty: string;
  readonly value: string;
  readonly onChange: (text: string) => void;
}

/** A filter as a setting: in the language of the events page, which shows what it finds. */
export function FilterField({ told, ifEmpty, value, onChange }: FilterFieldProps) {
  return (
    <>
      <Textarea
        label="Filter"
        rows={2}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        className="ui-mono"
        {...told(`As on the events page: action:auth.* -user:johnnybegood. ${ifEmpty}`)}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
      {value.trim() !== "" && (
        <p>
          <Link to="/" search={{ q: value }} target="_blank">
            Show the events that match
          </Link>
        </p>
      )}
    </>
  );
}
