import { type FormEvent, useState } from "react";
import { useZone } from "../../page/text/zone.ts";
import { resolveTime } from "../filter/filter-times.ts";
import type { TimeRange } from "./time-range.ts";
import { readWallField, wallText, WallField } from "./wall-field.tsx";

interface RangeFormProps {
  readonly range: TimeRange;
  readonly now: number;
  readonly onApply: (range: TimeRange) => void;
}

/** Both ends of a range, to the second. */
export function RangeForm({ range, now, onApply }: RangeFormProps) {
  const zone = useZone();
  const shown = (value: string | undefined): string =>
    value === undefined ? "" : wallText(resolveTime(value, now) / 1_000);
  const [since, setSince] = useState(() => shown(range.since));
  const [until, setUntil] = useState(() => shown(range.until));
  const [errors, setErrors] = useState<{ readonly since?: string; readonly until?: string }>({});
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const [from, to] = [readWallField(event.currentTarget, "since"), readWallField(event.currentTarget, "until")];
    const isTurned = from.time !== undefined && to.time !== undefined && from.time >= to.time;
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
        help="Up to then, without it. Empty for no end."
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
