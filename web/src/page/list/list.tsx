import type { KeyboardEvent, MouseEvent, ReactNode } from "react";
import Button from "@canonical/react-components/dist/esm/components/Button";
import MainTable from "@canonical/react-components/dist/esm/components/MainTable";

export interface ListColumn<Item> {
  readonly title: string;
  readonly render: (item: Item) => ReactNode;
  /** By what its rows are sorted; a column without it isn't sorted by. */
  readonly sort?: (item: Item) => string | number;
  /** How wide it is, and where it is left out: see _list.scss. */
  readonly className?: string;
}

interface ListProps<Item> {
  /** What it is a list of, to those who hear it. */
  readonly label: string;
  readonly items: readonly Item[];
  readonly keyOf: (item: Item) => string | number;
  /** The first one names its row. */
  readonly columns: readonly ListColumn<Item>[];
  /** The title of the column by which it is sorted at first; as the server gives it where there is none. */
  readonly sortedBy?: string;
  /** Opens something beside the list. The names are buttons then, and a click anywhere in a row does the same. */
  readonly onOpen?: ((item: Item) => void) | undefined;
  /** What is open beside it. */
  readonly isOpen?: (item: Item) => boolean;
  /** The buttons of a row; undefined where whoever looks may do nothing. */
  readonly renderActions?: ((item: Item) => ReactNode) | undefined;
  readonly actionsClassName?: string;
  /** What is loaded bit by bit has no pages. */
  readonly isPart?: boolean;
}

const rowsAtOnce = 100;

/** Things below each other: a table, or cards where there is no room for one. */
export function List<Item>(props: ListProps<Item>) {
  const {
    label,
    items,
    keyOf,
    columns,
    sortedBy,
    onOpen,
    isOpen,
    renderActions,
    actionsClassName,
    isPart = false,
  } = props;
  const headers = columns.map(({ title, className, sort }) => ({
    content: title,
    ...(className !== undefined && { className }),
    ...(sort !== undefined && { sortKey: title }),
  }));
  const actionsClass = `ui-actions ${actionsClassName ?? ""}`;
  return (
    <div className="ui-list" onKeyDown={moveByArrow}>
      <MainTable
        aria-label={label}
        responsive
        sortable
        {...(sortedBy !== undefined && { defaultSort: sortedBy, defaultSortDirection: "ascending" })}
        paginate={isPart ? null : rowsAtOnce}
        headers={[
          ...headers,
          ...(renderActions === undefined ? [] : [{ content: "Actions", className: actionsClass }]),
        ]}
        rows={items.map((item) => ({
          key: keyOf(item),
          sortData: Object.fromEntries(columns.map(({ title, sort }) => [title, sort?.(item)])),
          ...(onOpen !== undefined && {
            className: "ui-opens",
            onClick: (event: MouseEvent) => isOfRow(event) && onOpen(item),
          }),
          ...(isOpen?.(item) === true && { "aria-selected": true }),
          columns: [
            ...columns.map(({ render, className }, at) => ({
              content:
                at === 0 && onOpen !== undefined ? (
                  <Button appearance="link" className="ui-in-row" onClick={() => onOpen(item)}>
                    {render(item)}
                  </Button>
                ) : (
                  render(item)
                ),
              ...(className !== undefined && { className }),
              ...(at === 0 && { role: "rowheader" }),
            })),
            ...(renderActions === undefined ? [] : [{ content: renderActions(item), className: actionsClass }]),
          ],
        }))}
      />
    </div>
  );
}

const controls = "a, button, input, label, summary";

/** A click that nothing in the row takes, and that ends no selection of text. */
function isOfRow({ target }: MouseEvent): boolean {
  return target instanceof Element && target.closest(controls) === null && getSelection()?.isCollapsed !== false;
}

/** Up and down lead to the same control of the row before and after. */
function moveByArrow(event: KeyboardEvent<HTMLElement>): void {
  const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  const { target } = event;
  if (by === undefined || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (!(target instanceof HTMLElement) || !target.matches("tbody a, tbody button")) return;
  const rows = [...event.currentTarget.querySelectorAll("tbody tr")];
  const own = target.closest("tr");
  if (own === null) return;
  const next = rows[rows.indexOf(own) + by]?.querySelectorAll<HTMLElement>("a, button");
  if (next === undefined) return;
  event.preventDefault();
  const at = [...own.querySelectorAll("a, button")].indexOf(target);
  next[Math.min(at, next.length - 1)]?.focus();
}
