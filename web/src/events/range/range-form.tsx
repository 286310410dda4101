import { type FormEvent, useState } from "react";
import { useZone } from "../../page/text/zone.ts";
import { fixedTime, isRelativeTime, resolveTime } from "../filter/filter-times.ts";
import type { TimeRange } from "./time-range.ts";
import { type ReadField, readWallField, wallText, WallField } from "./wall-field.tsx";

interface RangeFormProps {
  readonly range: TimeRange;
  readonly now: number;
  readonly onApply: (range: TimeRange) => void;
}

/** Both ends of a range, to the second. */
export function RangeForm({ range, now, onApply }: RangeFormProps) {
  const zone = useZone();
  const basis = `${range.since} ${range.until} ${zone}`;
  const shown = { basis, since: endOf(range.since, now), until: endOf(range.until, now) };
  const [begun, setBegun] = useState(shown);
  const [since, setSince] = useState(shown.since.text);
  const [until, setUntil] = useState(shown.until.text);
  const [errors, setErrors] = useState<{ readonly since?: string; readonly until?: string }>({});
  // Another range, or zone. The form stays, and the focus in it.
  if (begun.basis !== basis) {
    setBegun(shown);
    setSince(shown.since.text);
    setUntil(shown.until.text);
    setErrors({});
  }
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const read = (name: "since" | "until", text: string): ReadField =>
      text !== "" && text === begun[name].text ? begun[name] : readWallField(event.currentTarget, name);
    const [from, to] = [read("since", since), read("until", until)];
    const isTurned =
      from.time !== undefined && to.time !== undefined && resolveTime(from.time, now) >= resolveTime(to.time, now);
    const wrong = {
      ...(from.error !== undefined && { since: from.error }),
      ...(to.error !== undefined && { until: to.error }),
      ...(isTurned && { until: "This is not after From. Give a later time." }),
    };
    setErrors(wrong);
    if (Object.keys(wrong).length > 0) {
      const field = event.currentTarget.elements.namedItem("since" in wrong ? "since" : "until");
      if (field instanceof HTMLElement) field.focus();
      return;
    }
    onApply({ ...(from.time !== undefined && { since: from.time }), ...(to.time !== undefined && { until: to.time }) });
  };
  return (
    <form noValidate onSubmit={submit} aria-label="From and to">
      <WallField name="since" label={`From (${zone})`} value={since} error={errors.since} onChange={setSince} />
      <WallField
        name="until"
        label={`To (${zone})`}
        help="Up to then, without it. Leave empty for no end."
        value={until}
        error={errors.until}
        onChange={setUntil}
      />
      <button type="submit" className="p-button">
        Apply
      </button>
    </form>
  );
}

/**
 * An end of a range as its field shows it, and exactly: what nobody changes stays, also where the clock shows it twice, or it is between
 * two seconds.
 */
function endOf(value: string | undefined, now: number): { readonly text: string; readonly time?: string } {
  if (value === undefined) return { text: "" };
  const millis = resolveTime(value, now) / 1_000;
  return { text: wallText(millis), time: isRelativeTime(value) ? fixedTime(millis) : value };
}
