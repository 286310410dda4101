import { type ReactNode, useId, useState } from "react";
import Input from "@canonical/react-components/dist/esm/components/Input";
import Select from "@canonical/react-components/dist/esm/components/Select";
import { type DurationUnit, durationUnits, wholeUnit } from "../text/duration.ts";
import type { Told } from "../text/told.tsx";

interface DurationFieldProps {
  readonly label: string;
  /** What stands behind the label. */
  readonly beside?: ReactNode;
  readonly told: Told;
  /** What the value counts, and the shortest unit that is offered. */
  readonly unit?: DurationUnit;
  /** As text; empty for none. */
  readonly value: string;
  readonly onChange: (value: string) => void;
}

interface Shown {
  /** The value that it shows. */
  readonly of: string;
  readonly amount: string;
  /** In seconds. */
  readonly unit: number;
}

/** A time as people say it: a number, and of what. What is no number is passed on as it is: who takes it says what is wrong. */
export function DurationField({ label, beside, told, unit = "second", value, onChange }: DurationFieldProps) {
  const id = useId();
  const counted = durationUnits.find(([one]) => one === unit)?.[1] ?? 1;
  const [kept, setKept] = useState<Shown>();
  // Another value than what was typed here came from elsewhere, such as the server.
  const shown = kept?.of === value ? kept : asShown(value, counted);
  const change = (amount: string, nextUnit: number): void => {
    const count = (Number(amount) * nextUnit) / counted;
    const of = amount.trim() !== "" && Number.isFinite(count) ? String(count) : amount;
    setKept({ of, amount, unit: nextUnit });
    onChange(of);
  };
  return (
    <div className="ui-duration">
      <Input
        id={id}
        type="text"
        inputMode="decimal"
        label={
          <>
            {label} {beside}
          </>
        }
        autoComplete="off"
        {...told}
        value={shown.amount}
        onChange={(event) => change(event.target.value, shown.unit)}
      />
      <Select
        label="Unit"
        aria-label={`${label}: unit`}
        options={durationUnits
          .filter(([, length]) => length >= counted)
          .map(([one, length]) => ({ value: String(length), label: `${one}s` }))}
        value={String(shown.unit)}
        onChange={(event) => change(shown.amount, Number(event.target.value))}
      />
    </div>
  );
}

/** In the longest unit of which it is a whole number: 43,200 seconds are 12 hours. */
function asShown(value: string, counted: number): Shown {
  if (!/^[1-9]\d*$/.test(value)) return { of: value, amount: value, unit: counted };
  const seconds = Number(value) * counted;
  const unit = Math.max(wholeUnit(seconds)[1], counted);
  return { of: value, amount: String(seconds / unit), unit };
}
