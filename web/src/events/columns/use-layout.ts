import { type RefObject, useLayoutEffect, useMemo, useState } from "react";
import { type Column, usualColumns } from "./column.ts";
import { type Layout, layoutOf, narrowLayoutOf } from "./layout.ts";

const narrowPx = 560;
/** So many rows are drawn anew only where it makes a difference. */
const stepPx = 8;

/** What a list shows beside each other, by its own width and not the window's, and whether a row needs two lines. */
export function useLayout(
  scroller: RefObject<HTMLElement | null>,
  wanted: readonly Column[] | null,
): Layout & { readonly isNarrow: boolean } {
  const [width, setWidth] = useState(innerWidth);
  useLayoutEffect(() => {
    const list = scroller.current;
    if (list === null) return undefined;
    const measure = (): void => setWidth(Math.floor(list.clientWidth / stepPx) * stepPx);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(list);
    return () => observer.disconnect();
  }, [scroller]);
  return useMemo(() => {
    const columns = wanted ?? usualColumns;
    const isNarrow = width <= narrowPx;
    const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
    return { isNarrow, ...(isNarrow ? narrowLayoutOf(columns) : layoutOf(columns, width / rem)) };
  }, [width, wanted]);
}
