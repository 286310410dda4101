import { useQueries } from "@tanstack/react-query";
import { readsAll } from "../../accounts/role.tsx";
import type { User } from "../../accounts/session.ts";
import { Empty } from "../../page/states.tsx";
import { visible } from "../../page/text/visible.ts";
import type { CompletionSources } from "../filter/filter-completion.ts";
import type { FilterTerm } from "../filter/filter-language.ts";
import { loggedValuesQuery } from "../filter/values/logged-values.ts";
import { explain, explainedKeys, type KnownValues } from "../search/explanations.ts";
import type { OtherName } from "./event-reader.ts";

interface NoEventsProps {
  readonly terms: readonly FilterTerm[];
  /** True of a page that shows the events of one thing only. */
  readonly isOfOne: boolean;
  /** What a reader sees who doesn't see everything. */
  readonly seenPart: string | undefined;
  /** Names in the log that differ from those asked for in case alone. */
  readonly otherNames: readonly OtherName[];
  readonly sources: CompletionSources;
  readonly onApply: (terms: readonly FilterTerm[]) => void;
}

/** What stands in a list without events: why that may be, and what to ask for instead. */
export function NoEvents({ terms, isOfOne, seenPart, otherNames, sources, onApply }: NoEventsProps) {
  const known = useKnownValues(terms, sources);
  const part = seenPart === undefined ? null : <p className="u-no-margin--bottom">{seenPart}</p>;
  if (terms.length === 0 && isOfOne) return <Empty title="There are no events here that you may see.">{part}</Empty>;
  if (terms.length === 0) return <Empty title="Nothing is recorded yet.">What you do shows here at once.</Empty>;
  return (
    <Empty title="No events match these filters.">
      {part}
      {explain(terms, otherNames, known).map(({ words, label, terms: wanted }) => (
        <p key={label} className="u-no-margin--bottom">
          {visible(words)}{" "}
          <button type="button" className="p-chip" onClick={() => onApply(wanted)}>
            <span className="p-chip__value ui-mono">{visible(label)}</span>
          </button>
        </p>
      ))}
      <button type="button" className="p-button" onClick={() => onApply([])}>
        Clear filters
      </button>
    </Empty>
  );
}

/** What there is of the filters that may be misspelt. */
function useKnownValues(terms: readonly FilterTerm[], { actions, users, nodes }: CompletionSources): KnownValues {
  const keys = explainedKeys.filter((key) => terms.some((term) => term.key === key && !term.isExcluded));
  const logged = useQueries({ queries: keys.map((key) => loggedValuesQuery(key, "")) });
  const others = { user: users, action: actions, node: nodes.flatMap((node) => [node.system_id, node.hostname]) };
  return new Map(
    keys.map((key, at) => [
      key,
      [...(logged[at]?.data?.values ?? []), ...(key in others ? others[key as keyof typeof others] : [])],
    ]),
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
