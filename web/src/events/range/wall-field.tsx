import { useId } from "react";
import Input from "@canonical/react-components/dist/esm/components/Input";
import { told } from "../../page/text/told.tsx";
import { twoDigits } from "../../page/text/two-digits.ts";
import { wallTime } from "../../page/text/zone.ts";
import { parseFilterTime } from "../filter/filter-times.ts";

interface WallFieldProps {
  readonly name: string;
  readonly label: string;
  readonly help?: string;
  readonly value: string;
  readonly error: string | undefined;
  readonly onChange: (value: string) => void;
}

/** A day and a time of it, as a clock in the zone shows them. */
export function WallField({ name, label, help, value, error, onChange }: WallFieldProps) {
  const id = useId();
  return (
    <Input
      type="datetime-local"
      step={1}
      max="9999-12-31T23:59:59"
      name={name}
      label={label}
      {...told(id, help, error)}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

/** What stands in such a field of a form: a filter's time, nothing where it is empty, or why it is no time. */
export interface ReadField {
  readonly time?: string;
  readonly error?: string;
}

export function readWallField(form: HTMLFormElement, name: string): ReadField {
  const field = form.elements.namedItem(name);
  if (!(field instanceof HTMLInputElement)) return {};
  // Of what was typed in part, a browser tells no more than that it is no time.
  if (field.value === "") return field.validity.badInput ? { error: "Give the whole day, and the time." } : {};
  const time = parseFilterTime(field.value);
  return time === undefined ? { error: "There is no such time." } : { time };
}

/** A time as the field wants it. */
export function wallText(time: number): string {
  const { year, month, day, hour, minute, second } = wallTime(new Date(time));
  return `${String(year).padStart(4, "0")}-${twoDigits(month + 1)}-${twoDigits(day)}T${twoDigits(hour)}:${twoDigits(minute)}:${twoDigits(second)}`;
}
