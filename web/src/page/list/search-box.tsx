interface SearchBoxProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** Filters a list that is loaded already. */
export function SearchBox({ label, value, onChange }: SearchBoxProps) {
  return (
    <div className="ui-search" role="search">
      <div className="p-search-box">
        <input
          type="search"
          className="p-search-box__input"
          aria-label={label}
          placeholder="Search"
          autoComplete="off"
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
        {value !== "" && (
          <button type="button" className="p-search-box__reset" onClick={() => onChange("")}>
            <i className="p-icon--close">Clear</i>
          </button>
        )}
      </div>
    </div>
  );
}
