import { factsOf, type FilterKey, filterKeyNames } from "./filter-keys.ts";
import { addTerm, type FilterTerm, parseFilter, printFilter, toQuery } from "./filter-language.ts";

/** A filter as settings keep it: `NAME:VALUE` by the names of the API. */
export interface FilterPairs {
  readonly filter: readonly string[];
  readonly exclude: readonly string[];
}

/** A filter's text as settings keep it, or what is wrong with it. Settings have no times. */
export function parseFilterPairs(text: string): FilterPairs | { readonly message: string } {
  const parsed = parseFilter(text, { now: 0 });
  if (!parsed.ok) return { message: parsed.error.message };
  const word = parsed.terms.find(({ key }) => key === "text");
  if (word !== undefined) return { message: `Words can't be searched for here. Did you mean user:${word.value}?` };
  const time = parsed.terms.find(({ key }) => factsOf(key).isTime === true);
  if (time !== undefined) return { message: `'${time.key}' can't be used here: leave it out.` };
  const given = [...toQuery(parsed.terms, 0)];
  return {
    filter: given.flatMap(([name, value]) => (name === "exclude" ? [] : [`${name}:${value}`])),
    exclude: given.flatMap(([name, value]) => (name === "exclude" ? [value] : [])),
  };
}

/** The same as text. */
export function printFilterPairs({ filter, exclude }: FilterPairs): string {
  let terms: readonly FilterTerm[] = [];
  const add = (pair: string, isExcluded: boolean): void => {
    const at = pair.indexOf(":");
    const key = filterKeyNames.find((name) => factsOf(name).parameter === pair.slice(0, at));
    if (key !== undefined) terms = addTerm(terms, key, shownValue(key, pair.slice(at + 1)), { isExcluded });
  };
  for (const pair of filter) add(pair, false);
  for (const pair of exclude) add(pair, true);
  return printFilter(terms);
}

/** The API has levels and types in capitals. */
function shownValue(key: FilterKey, value: string): string {
  const small = value.toLowerCase();
  return factsOf(key).values?.includes(small) === true ? small : value;
}
