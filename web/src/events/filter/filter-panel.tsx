import { useEffect, useId, useState } from "react";
import Input from "@canonical/react-components/dist/esm/components/Input";
import Select from "@canonical/react-components/dist/esm/components/Select";
import { AsidePanel } from "../../page/aside-panel.tsx";
import { told } from "../../page/text/told.tsx";
import { filterKeys, type FilterKey } from "./filter-keys.ts";
import { type FilterError, type FilterTerm, parseFilter, printFilter } from "./filter-language.ts";

interface FilterPanelProps {
  readonly terms: readonly FilterTerm[];
  readonly onApply: (terms: readonly FilterTerm[]) => void;
  readonly onClose: () => void;
}

const closed = ["type", "outcome", "level"] as const;
const typed = ["action", "user", "node", "target", "ip", "since", "until"] as const;
const labels: Readonly<Partial<Record<FilterKey, string>>> = {
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
  // One value of a key stands in its control; what no control can show stays as it is.
  const shown = (key: FilterKey): FilterTerm | undefined => {
    const own = terms.filter((term) => term.key === key);
    return own.length === 1 && own[0]?.isExcluded === false ? own[0] : undefined;
  };
  const change = (key: FilterKey, value: string): void => {
    const others = terms.filter((term) => term !== shown(key));
    if (value === "") {
      setError(undefined);
      onApply(others);
      return;
    }
    const text = printFilter([{ key, value, isExcluded: false }]);
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
          value={shown(key)?.value ?? ""}
          options={[{ label: "Any", value: "" }, ...filterKeys[key].values.map((value) => ({ label: value, value }))]}
          onChange={(event) => change(key, event.target.value)}
        />
      ))}
      {typed.map((key) => (
        <TypedFilter
          key={key}
          label={labels[key] ?? key}
          help={filterKeys[key].about}
          value={shown(key)?.value ?? ""}
          error={error?.key === key ? error.error.message : undefined}
          onChange={(value) => change(key, value)}
        />
      ))}
      <p className="u-text--muted">Terms that are left out with a minus, or given twice, are changed in the text.</p>
    </AsidePanel>
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
