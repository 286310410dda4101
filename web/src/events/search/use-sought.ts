import { useMemo } from "react";
import type { FilterTerm } from "../filter/filter-language.ts";
import { soughtBy } from "./sought.ts";

/** The words of a filter, and what finds them in a text. */
export function useSought(terms: readonly FilterTerm[]) {
  return useMemo(() => {
    const words = terms.flatMap(({ key, value }) => (key === "text" ? [value] : []));
    return { words, sought: soughtBy(words) };
  }, [terms]);
}
