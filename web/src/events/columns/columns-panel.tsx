import { useId } from "react";
import CheckboxInput from "@canonical/react-components/dist/esm/components/CheckboxInput";
import Select from "@canonical/react-components/dist/esm/components/Select";
import { AsidePanel } from "../../page/aside-panel.tsx";
import type { View } from "../views/view.ts";
import { type Column, columnFacts, columnNames, toggled, usualColumns } from "./column.ts";

interface ColumnsPanelProps {
  /** Null for the usual ones. */
  readonly columns: readonly Column[] | null;
  readonly order: View["order"];
  readonly onColumns: (columns: readonly Column[] | null) => void;
  readonly onOrder: (order: View["order"]) => void;
  readonly onClose: () => void;
}

/** Chooses what the list shows of each event, and which come first. */
export function ColumnsPanel({ columns, order, onColumns, onOrder, onClose }: ColumnsPanelProps) {
  const id = useId();
  const chosen = columns ?? usualColumns;
  return (
    <AsidePanel title="Columns" onClose={onClose}>
      <Select
        label="Order"
        options={[
          { value: "newest", label: "newest first" },
          { value: "oldest", label: "oldest first" },
        ]}
        value={order}
        onChange={({ currentTarget: { value } }) => onOrder(value === "oldest" ? "oldest" : "newest")}
      />
      <section role="group" aria-labelledby={id}>
        <h3 id={id} className="p-muted-heading">
          Show
        </h3>
        {columnNames.map((name) => (
          <CheckboxInput
            key={name}
            label={columnFacts[name].title}
            checked={chosen.includes(name)}
            // Without any there would be nothing to open an event by.
            disabled={chosen.length === 1 && chosen.includes(name)}
            onChange={() => onColumns(toggled(chosen, name))}
          />
        ))}
      </section>
      <p className="u-text--muted">
        Where there is no room for all, the description stays longest. An event that is open shows everything.
      </p>
      <button type="button" className="p-button" disabled={columns === null} onClick={() => onColumns(null)}>
        Show the usual columns
      </button>
    </AsidePanel>
  );
}
