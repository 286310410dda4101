import { useZone } from "../../page/text/zone.ts";
import { type Column, columnFacts } from "../columns/column.ts";
import type { View } from "../views/view.ts";

interface ListHeadProps {
  readonly columns: readonly Column[];
  readonly order: View["order"];
  /** Undefined where nobody sees the headings. */
  readonly onOrder: ((order: View["order"]) => void) | undefined;
}

/** The headings of the list. That of the time turns the order round. */
export function ListHead({ columns, order, onOrder }: ListHeadProps) {
  const zone = useZone();
  return (
    <thead role="rowgroup">
      <tr role="row" aria-rowindex={1} className="ui-events__row ui-events__head">
        <th role="columnheader" aria-colindex={1}>
          <span className="u-off-screen">Outcome</span>
        </th>
        {columns.map((name, at) => (
          <th
            key={name}
            role="columnheader"
            aria-colindex={at + 2}
            className={`is-${name}`}
            {...(name === "time" && { "aria-sort": order === "oldest" ? "ascending" : "descending" })}
          >
            {name === "time" && onOrder !== undefined ? (
              <button
                type="button"
                className="ui-events__order"
                title={`${order === "oldest" ? "Oldest first" : "Newest first"}, times in ${zone}`}
                // In the list they would be keys of its rows.
                onKeyDown={(event) => event.stopPropagation()}
                onClick={() => onOrder(order === "oldest" ? "newest" : "oldest")}
              >
                {columnFacts.time.title} ({zone})
              </button>
            ) : (
              `${columnFacts[name].title}${name === "time" ? ` (${zone})` : ""}`
            )}
          </th>
        ))}
        <th role="columnheader" aria-colindex={columns.length + 2}>
          <span className="u-off-screen">Proof</span>
        </th>
      </tr>
    </thead>
  );
}
