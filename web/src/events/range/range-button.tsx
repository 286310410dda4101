import { useZone } from "../../page/text/zone.ts";
import type { FilterTerm } from "../filter/filter-language.ts";
import { rangeOf, rangeWords } from "./time-range.ts";
import { ZoneSwitch } from "./zone-switch.tsx";

interface RangeButtonProps {
  readonly terms: readonly FilterTerm[];
  readonly isOpen: boolean;
  readonly onToggle: () => void;
}

/** The time that the filter asks for, in words, which opens what chooses another; and the zone. */
export function RangeButton({ terms, isOpen, onToggle }: RangeButtonProps) {
  useZone();
  const words = rangeWords(rangeOf(terms), Date.now());
  return (
    <div className="ui-range">
      <button
        type="button"
        className="p-button has-icon ui-range__button"
        aria-expanded={isOpen}
        aria-label={`Time: ${words}`}
        title={`${words}: choose another time (d)`}
        onClick={onToggle}
      >
        <i className="p-icon--history" aria-hidden="true" />
        <span>{words}</span>
      </button>
      <ZoneSwitch />
    </div>
  );
}
