import { readsAll } from "../../accounts/role.tsx";
import type { User } from "../../accounts/session.ts";
import { Empty } from "../../page/states.tsx";
import type { FilterTerm } from "../filter/filter-language.ts";

interface NoEventsProps {
  readonly terms: readonly FilterTerm[];
  /** True of a page that shows the events of one thing only. */
  readonly isOfOne: boolean;
  /** What a reader sees who doesn't see everything. */
  readonly seenPart: string | undefined;
  readonly onClear: () => void;
}

/** What stands in a list without events. */
export function NoEvents({ terms, isOfOne, seenPart, onClear }: NoEventsProps) {
  const part = seenPart === undefined ? null : <p className="u-no-margin--bottom">{seenPart}</p>;
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
export function seenPartOf(user: User | null | undefined): string | undefined {
  if (user == null || readsAll(user)) return undefined;
  const { realm, reads_realm: readsRealm } = user;
  if (realm === null) return "You see your own events. Administrators and auditors see everybody's.";
  return readsRealm
    ? `You see the events of MAAS ${realm}.`
    : `You see your own events of MAAS ${realm}. Its administrators see everybody's.`;
}
