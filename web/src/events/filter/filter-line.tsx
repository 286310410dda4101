import { grouped } from "../../page/text/grouped.ts";
import { visible } from "../../page/text/visible.ts";
import { describeTerm, type FilterError, type FilterTerm, removeTerm } from "./filter-language.ts";

interface FilterLineProps {
  readonly terms: readonly FilterTerm[];
  readonly error: FilterError | undefined;
  readonly errorId: string;
  readonly hostnames: ReadonlyMap<string, string>;
  readonly quick: readonly { readonly label: string; readonly terms: readonly FilterTerm[] }[];
  /** Up to which event words were looked up in the search index; null without one, undefined where no words are searched. */
  readonly indexedTo: number | null | undefined;
  readonly onApply: (terms: readonly FilterTerm[]) => void;
  /** What can be done with the filter as a whole. */
  readonly before: React.ReactNode;
  readonly after: React.ReactNode;
  /** Puts what may have been meant in the place of what was wrong. */
  readonly onSuggestion: (error: FilterError) => void;
}

/** One line of fixed height below the filter: what is wrong with it, else its terms, else filters that are often wanted. */
export function FilterLine(props: FilterLineProps) {
  const { terms, error, errorId, hostnames, quick, indexedTo, before, after, onApply, onSuggestion } = props;
  if (error !== undefined) {
    return (
      <div className="ui-filter-line is-error">
        <p id={errorId} className="p-form-validation__message u-no-margin" role="alert">
          {error.message}
        </p>
        {error.suggestion !== undefined && error.suggestion !== "" && (
          <button type="button" className="p-chip" onClick={() => onSuggestion(error)}>
            <span className="p-chip__value ui-mono">{error.suggestion}</span>
          </button>
        )}
      </div>
    );
  }
  if (terms.length === 0) {
    return (
      <div className="ui-filter-line" role="group" aria-label="Quick filters">
        {before}
        {quick.map(({ label, terms: wanted }) => (
          <button key={label} type="button" className="p-chip" onClick={() => onApply(wanted)}>
            <span className="p-chip__value">{label}</span>
          </button>
        ))}
      </div>
    );
  }
  return (
    <div className="ui-filter-line" role="group" aria-label="Filters in effect">
      {before}
      {terms.map((term, at) => {
        const words = visible(describeTerm(term, hostnames));
        return (
          <span key={`${at} ${words}`} className="p-chip">
            <span className="p-chip__value">{words}</span>
            <button type="button" className="p-chip__dismiss" onClick={() => onApply(removeTerm(terms, at))}>
              <i className="p-icon--close">Remove {words}</i>
            </button>
          </span>
        );
      })}
      <button type="button" className="p-button--link u-no-margin" onClick={() => onApply([])}>
        Clear all
      </button>
      {after}
      {indexedTo !== undefined && (
        <span className="u-text--muted" title="Newer events are looked at one by one.">
          {indexWords(indexedTo)}
        </span>
      )}
    </div>
  );
}

/** How far words were looked up, and not event by event. */
function indexWords(indexedTo: number | null): string {
  if (indexedTo === null || indexedTo === 0) return "Searched event by event";
  return `Search index up to event ${grouped(indexedTo)}`;
}
