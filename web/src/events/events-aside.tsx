import { lazy, Suspense } from "react";
import { useNavigate } from "@tanstack/react-router";
import type { Aside } from "../page/use-aside.ts";
import type { FilterTerm } from "./filter/filter-language.ts";
import type { Column } from "./columns/column.ts";
import type { EventStore } from "./list/event-store.ts";
import type { Shown } from "./list/shown.ts";
import { FilterPanel } from "./filter/filter-panel.tsx";
import { searchOf, type Shape } from "./views/view.ts";

// Loaded once somebody asks for them.
const ViewsPanel = lazy(async () => ({ default: (await import("./views/views-panel.tsx")).ViewsPanel }));
const AlertMePanel = lazy(async () => ({ default: (await import("../alerting/alert-me-panel.tsx")).AlertMePanel }));
const ColumnsPanel = lazy(async () => ({ default: (await import("./columns/columns-panel.tsx")).ColumnsPanel }));
const RangePanel = lazy(async () => ({ default: (await import("./range/range-panel.tsx")).RangePanel }));
const PrintPanel = lazy(async () => ({ default: (await import("./print/print-panel.tsx")).PrintPanel }));
const SaveViewPanel = lazy(async () => ({ default: (await import("./views/save-view-panel.tsx")).SaveViewPanel }));

/** What can stand beside the events apart from one of them. */
export type AsideName = "filters" | "views" | "save-view" | "columns" | "alert" | "time" | "print";

interface EventsAsideProps {
  readonly aside: Aside<AsideName>;
  readonly terms: readonly FilterTerm[];
  /** Those of the page itself. */
  readonly fixed: readonly FilterTerm[];
  /** What the page shows now. */
  readonly shape: Shape;
  readonly onApply: (terms: readonly FilterTerm[]) => void;
  readonly onColumns: (columns: readonly Column[] | null) => void;
  readonly onOrder: (order: Shape["order"]) => void;
  /** Lets the list begin at a time. */
  readonly onGo: (at: string) => void;
  /** The list, and how many events match in words. */
  readonly list: { readonly store: EventStore; readonly shown: Shown; readonly total: string | undefined };
  /** What stands there otherwise. */
  readonly children: React.ReactNode;
}

export function EventsAside(props: EventsAsideProps) {
  const {
    aside: { shown, open, close },
    terms,
    fixed,
    shape,
    onApply,
    onColumns,
    onOrder,
    onGo,
    list,
    children,
  } = props;
  const navigate = useNavigate();
  switch (shown) {
    case undefined:
      return children;
    case "filters":
      return <FilterPanel terms={terms} onApply={onApply} onClose={close} />;
    case "time":
      return (
        <Suspense>
          <RangePanel
            terms={terms}
            order={shape.order}
            onApply={onApply}
            onGo={(at) => {
              // Where the panel covers the list, nothing would be seen to happen.
              close();
              onGo(at);
            }}
            onClose={close}
          />
        </Suspense>
      );
    case "print":
      return (
        <Suspense>
          <PrintPanel {...list} onClose={close} />
        </Suspense>
      );
    case "views":
      return (
        <Suspense>
          <ViewsPanel shape={shape} onSave={() => open("save-view")} onClose={close} />
        </Suspense>
      );
    case "alert":
      return (
        <Suspense>
          <AlertMePanel
            terms={[...fixed, ...terms]}
            onMade={(name) => void navigate({ to: "/alerts/rules", search: { name } })}
            onClose={close}
          />
        </Suspense>
      );
    case "columns":
      return (
        <Suspense>
          <ColumnsPanel {...shape} onColumns={onColumns} onOrder={onOrder} onClose={close} />
        </Suspense>
      );
    case "save-view":
      return (
        <Suspense>
          <SaveViewPanel
            shape={shape}
            onClose={close}
            onSaved={(view) => {
              close();
              void navigate({ to: "/", search: (now) => ({ ...now, ...searchOf(view) }) });
            }}
          />
        </Suspense>
      );
  }
}
