import { type ReactNode, useState } from "react";
import Input from "@canonical/react-components/dist/esm/components/Input";
import Select from "@canonical/react-components/dist/esm/components/Select";
import type { Told } from "../page/text/told.tsx";
import type { Setting } from "./setting.ts";

type Unit = NonNullable<Setting["unit"]>;

/** The largest first. */
const seconds: Readonly<Record<Unit, number>> = { days: 86_400, hours: 3_600, minutes: 60, seconds: 1 };
const units = Object.keys(seconds) as readonly Unit[];

/** The largest unit in which a time is a whole number: 43,200 seconds are 12 hours. */
function bestUnit(value: number, unit: Unit): Unit {
  const whole = value * seconds[unit];
  const fits = (one: Unit): boolean => whole > 0 && whole % seconds[one] === 0;
  return units.find((one) => seconds[one] >= seconds[unit] && fits(one)) ?? unit;
}

/** A choice that is a time, in words: `3 hours`; and 0, which turns it off. */
export function choiceWords(choice: string | number, unit: Unit | null): string {
  if (unit === null || typeof choice === "string") return String(choice);
  if (choice === 0) return "never";
  const shown = bestUnit(choice, unit);
  const count = (choice * seconds[unit]) / seconds[shown];
  return `${count} ${count === 1 ? shown.slice(0, -1) : shown}`;
}

interface DurationFieldProps {
  readonly label: ReactNode;
  /** The label's words, for the control of its unit. */
  readonly title: string;
  /** What the value counts, and the smallest unit that is offered. */
  readonly unit: Unit;
  readonly value: string;
  readonly below: Told;
  readonly onChange: (value: string) => void;
}

interface Shown {
  /** The value that it shows. */
  readonly of: string;
  readonly text: string;
  readonly unit: Unit;
}

/** A time, as a number and its unit. What is no number is passed on as it is: who takes it says what is wrong. */
export function DurationField({ label, title, unit, value, below, onChange }: DurationFieldProps) {
  const [kept, setKept] = useState<Shown>();
  // Another value than what was typed here came from elsewhere, such as the server.
  const shown = kept?.of === value ? kept : asShown(value, unit);
  const type = (text: string, chosen: Unit): void => {
    const count = (Number(text) * seconds[chosen]) / seconds[unit];
    const of = text.trim() !== "" && Number.isFinite(count) ? String(count) : text;
    setKept({ of, text, unit: chosen });
    onChange(of);
  };
  return (
    <div className="ui-duration">
      <Input
        type="text"
        inputMode="decimal"
        label={label}
        autoComplete="off"
        value={shown.text}
        {...below}
        onChange={(event) => type(event.target.value, shown.unit)}
      />
      <Select
        label={
          <>
            Unit<span className="u-off-screen"> of: {title}</span>
          </>
        }
        options={units.filter((one) => seconds[one] >= seconds[unit]).map((one) => ({ value: one, label: one }))}
        value={shown.unit}
        onChange={(event) => type(shown.text, event.target.value as Unit)}
      />
    </div>
  );
}

function asShown(value: string, unit: Unit): Shown {
  const count = Number(value);
  if (!/^\d+$/.test(value) || count === 0) return { of: value, text: value, unit };
  const best = bestUnit(count, unit);
  return { of: value, text: String((count * seconds[unit]) / seconds[best]), unit: best };
}
