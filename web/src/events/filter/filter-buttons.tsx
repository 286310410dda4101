/** Adds a term to the filter, or its opposite. */
export type OnFilter = (key: string, value: string, isExcluded?: boolean) => void;

interface FilterButtonsProps {
  readonly filter: string;
  readonly value: string;
  readonly onFilter: OnFilter;
}

/** Two small buttons beside a value: only this, and all but this. */
export function FilterButtons({ filter, value, onFilter }: FilterButtonsProps) {
  return (
    <span className="ui-filter-buttons">
      <button
        type="button"
        className="p-button--base has-icon is-dense"
        title={`Only ${filter}: ${value}`}
        onClick={() => onFilter(filter, value)}
      >
        <i className="p-icon--plus">
          Filter for {filter} {value}
        </i>
      </button>
      <button
        type="button"
        className="p-button--base has-icon is-dense"
        title={`Not ${filter}: ${value}`}
        onClick={() => onFilter(filter, value, true)}
      >
        <i className="p-icon--minus">
          Filter out {filter} {value}
        </i>
      </button>
    </span>
  );
}
