import { useState } from "react";
import { prefer, preferred } from "../../page/preference.ts";
import type { View } from "../views/view.ts";
import { type Column, parseColumns } from "./column.ts";

const preference = "columns";

/** The columns of the page, null for the usual ones: those that were chosen here, those of the view, those of this browser. */
export function useColumns(view: View | undefined) {
  const [own, setOwn] = useState(() => parseColumns(preferred(preference)));
  const [changed, setChanged] = useState<{ readonly view: number; readonly columns: readonly Column[] | null }>();
  const isOfView = view !== undefined && view.columns !== null;
  const ofView = changed?.view === view?.id ? changed?.columns : view?.columns;
  const choose = (columns: readonly Column[] | null): void => {
    // What is changed in a view is of that view alone, until it is saved.
    if (isOfView) return setChanged({ view: view.id, columns });
    setOwn(columns);
    prefer(preference, (columns ?? []).join(","));
  };
  return [isOfView ? (ofView ?? null) : own, choose] as const;
}
