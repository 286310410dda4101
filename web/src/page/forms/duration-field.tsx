import { useId, useState } from "react";
import Input from "@canonical/react-components/dist/esm/components/Input";
import Select from "@canonical/react-components/dist/esm/components/Select";
import { durationUnits, wholeUnit } from "../text/duration.ts";
import type { Told } from "../text/told.tsx";

interface DurationFieldProps {
  readonly label: string;
  readonly told: Told;
  /** In seconds, as text; empty for none. */
  readonly value: string;
  readonly onChange: (seconds: string) => void;
}

/** A time as people say it: a number, and of what. */
export function DurationField({ label, told, value, onChange }: DurationFieldProps) {
  const id = useId();
  const [unit, setUnit] = useState(() => wholeUnit(Number(value))[1]);
  const [amount, setAmount] = useState(() => (value === "" ? "" : String(Number(value) / unit)));
  const change = (nextAmount: string, nextUnit: number): void => {
    setAmount(nextAmount);
    setUnit(nextUnit);
    const seconds = Number(nextAmount) * nextUnit;
    onChange(nextAmount.trim() === "" || Number.isNaN(seconds) ? "" : String(Math.round(seconds)));
  };
  return (
    <div className="ui-duration">
      <Input
        id={id}
        type="text"
        inputMode="decimal"
        label={label}
        autoComplete="off"
        {...told}
        value={amount}
        onChange={(event) => change(event.target.value, unit)}
      />
      <Select
        label="Unit"
        aria-label={`${label}: unit`}
        options={durationUnits.map(([name, seconds]) => ({ value: String(seconds), label: `${name}s` }))}
        value={String(unit)}
        onChange={(event) => change(amount, Number(event.target.value))}
      />
    </div>
  );
}
