import { Empty } from "../../page/states.tsx";
import type { FilterTerm } from "../filter/filter-language.ts";

interface NoEventsProps {
  readonly terms: readonly FilterTerm[];
  /** True of a page that shows the events of one thing only. */
  readonly isOfOne: boolean;
  /** True of a reader who sees their own events alone. */
  readonly seesPart: boolean;
  readonly onClear: () => void;
}

/** What stands in a list without events. */
export function NoEvents({ terms, isOfOne, seesPart, onClear }: NoEventsProps) {
  const part = seesPart ? <p className="u-no-margin--bottom">{ownEventsWords}</p> : null;
  if (terms.length === 0 && isOfOne) return <Empty title="There are no events here that you may see.">{part}</Empty>;
  if (terms.length === 0) return <Empty title="Nothing is recorded yet.">What you do shows here at once.</Empty>;
  return (
    <Empty title="No events match these filters.">
      {part}
      <button type="button" className="p-button" onClick={onClear}>
        Clear filters
      </button>
    </Empty>
  );
}

/** Said to everybody who sees a part alone, wherever a part of the log could be taken for all of it. */
export const ownEventsWords = "You see your own events. Administrators and auditors see everybody's.";
