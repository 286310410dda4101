import { useEffect, useId, useState } from "react";
import Input from "@canonical/react-components/dist/esm/components/Input";
import Select from "@canonical/react-components/dist/esm/components/Select";
import { AsidePanel } from "../../page/aside-panel.tsx";
import { visible } from "../../page/text/visible.ts";
import { told } from "../../page/text/told.tsx";
import { filterKeys, type FilterKey } from "./filter-keys.ts";
import { describeTerm, type FilterError, type FilterTerm, parseFilter, printFilter } from "./filter-language.ts";
import { quoteValue } from "./filter-scan.ts";

interface FilterPanelProps {
  readonly terms: readonly FilterTerm[];
  readonly onApply: (terms: readonly FilterTerm[]) => void;
  readonly onClose: () => void;
}

const closed = ["type", "outcome", "level"] as const;
const typed = ["text", "action", "user", "node", "target", "ip", "since", "until"] as const;
const labels: Readonly<Partial<Record<FilterKey, string>>> = {
  text: "Words",
  type: "Type",
  outcome: "Outcome",
  level: "Level",
  action: "Action",
  user: "User",
  node: "Node",
  target: "Target",
  ip: "Address",
  since: "From",
  until: "Until",
};

/** The filter as form controls: the same terms as in the text. */
export function FilterPanel({ terms, onApply, onClose }: FilterPanelProps) {
  const [error, setError] = useState<{ readonly key: FilterKey; readonly error: FilterError }>();
  const isShown = ({ key, isExcluded }: FilterTerm): boolean =>
    !isExcluded && [...closed, ...typed].some((name) => name === key);
  /** All that the text has of a key, as it is written there: several values with commas, words with blanks. */
  const shown = (key: FilterKey): string => {
    const values = terms.filter((term) => term.key === key && isShown(term)).map(({ value }) => value);
    return key === "text" ? values.join(" ") : values.map(quoteValue).join(",");
  };
  const change = (key: FilterKey, value: string): void => {
    const others = terms.filter((term) => term.key !== key || !isShown(term));
    if (value === "") {
      setError(undefined);
      onApply(others);
      return;
    }
    // A value with blanks is one, unless quotes say otherwise.
    const text =
      key === "text" ? value : `${key}:${value.includes(",") || value.includes('"') ? value : quoteValue(value)}`;
    const parsed = parseFilter(`${printFilter(others)} ${text}`.trim(), { now: Date.now() });
    setError(parsed.ok ? undefined : { key, error: parsed.error });
    if (parsed.ok) onApply(parsed.terms);
  };
  return (
    <AsidePanel title="Filters" onClose={onClose}>
      {closed.map((key) => (
        <Select
          key={key}
          label={labels[key]}
          value={shown(key)}
          options={["", ...new Set([...filterKeys[key].values, shown(key)])]
            .filter((value, at) => at === 0 || value !== "")
            .map((value) => ({ label: value === "" ? "Any" : value.replaceAll(",", " or "), value }))}
          onChange={(event) => change(key, event.target.value)}
        />
      ))}
      {typed.map((key) => (
        <TypedFilter
          key={key}
          label={labels[key] ?? key}
          help={key === "text" ? 'all of these: backup "logged in"' : filterKeys[key].about}
          value={shown(key)}
          error={error?.key === key ? error.error.message : undefined}
          onChange={(value) => change(key, value)}
        />
      ))}
      <OtherTerms
        terms={terms.filter((term) => !isShown(term))}
        onRemove={(term) => onApply(terms.filter((one) => one !== term))}
      />
    </AsidePanel>
  );
}

interface OtherTermsProps {
  readonly terms: readonly FilterTerm[];
  readonly onRemove: (term: FilterTerm) => void;
}

/** What else is in the text: what is left out, and filters that have no field. */
function OtherTerms({ terms, onRemove }: OtherTermsProps) {
  if (terms.length === 0) return null;
  return (
    <section aria-label="Other terms">
      <h3 className="p-muted-heading">Other terms</h3>
      {terms.map((term) => {
        const words = visible(describeTerm(term));
        return (
          <span key={words} className="p-chip">
            <span className="p-chip__value">{words}</span>
            <button type="button" className="p-chip__dismiss" onClick={() => onRemove(term)}>
              <i className="p-icon--close">Remove {words} from the form</i>
            </button>
          </span>
        );
      })}
    </section>
  );
}

interface TypedFilterProps {
  readonly label: string;
  readonly help: string;
  readonly value: string;
  readonly error: string | undefined;
  readonly onChange: (value: string) => void;
}

/** Takes effect on Enter, or when the field is left. */
function TypedFilter({ label, help, value, error, onChange }: TypedFilterProps) {
  const id = useId();
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  const apply = (): void => {
    if (text !== value) onChange(text.trim());
  };
  return (
    <Input
      type="text"
      label={label}
      {...told(id, help, error)}
      value={text}
      autoComplete="off"
      spellCheck={false}
      onChange={(event) => setText(event.target.value)}
      onBlur={apply}
      onKeyDown={(event) => {
        if (event.key === "Enter") apply();
      }}
    />
  );
}
