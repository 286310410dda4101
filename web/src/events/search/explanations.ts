import { type FilterKey, factsOf, filterKeyNames } from "../filter/filter-keys.ts";
import { type FilterTerm, printFilter } from "../filter/filter-language.ts";
import { nearest } from "../filter/nearest-word.ts";
import { networkOfStar } from "../filter/values/address-value.ts";
import { isBeginning, recordedValue, takesBeginnings } from "../filter/values/beginnings.ts";
import type { OtherName } from "../list/event-reader.ts";

/** Why a filter may have found nothing, and what to ask for instead. */
export interface Explanation {
  readonly words: string;
  /** What takes the place of what is in the filter, as text. */
  readonly label: string;
  readonly terms: readonly FilterTerm[];
}

/** What is known of a filter's values: those of the log, and of accounts and nodes. */
export type KnownValues = ReadonlyMap<FilterKey, readonly string[]>;

/** The filters whose values `explain` compares with what is known. */
export const explainedKeys: readonly FilterKey[] = ["user", "action", "type", "node", "target"];

/** Says of each term that may be wrong what is wrong, for a filter that found nothing. */
export function explain(
  terms: readonly FilterTerm[],
  others: readonly OtherName[],
  known: KnownValues,
): readonly Explanation[] {
  const found = terms.flatMap((term, at) => {
    if (term.isExcluded) return [];
    const instead = ({ key, value }: Pick<FilterTerm, "key" | "value">, words: string): Explanation => {
      const mended: FilterTerm = { key, value, isExcluded: false };
      return { words, label: printFilter([mended]), terms: terms.with(at, mended) };
    };
    return explainTerm(term, others, known, instead);
  });
  const open = terms.filter(({ key }) => factsOf(key).isTime !== true);
  if (open.length === terms.length) return found;
  return [...found, { words: "The time is limited.", label: "At any time", terms: open }];
}

type Instead = (term: Pick<FilterTerm, "key" | "value">, words: string) => Explanation;

function explainTerm(
  { key, value }: FilterTerm,
  others: readonly OtherName[],
  known: KnownValues,
  instead: Instead,
): readonly Explanation[] {
  const { parameter, values } = factsOf(key);
  const sameLetters = others.filter(
    (other) => other.filter === parameter && other.value.toLowerCase() === value.toLowerCase(),
  );
  if (sameLetters.length > 0) {
    return sameLetters.map((other) => instead({ key, value: other.value }, "Capital and small letters differ."));
  }
  if (key === "text") return explainWord(value, instead);
  const network = key === "ip" ? networkOfStar(`${value.replace(/\.$/, "")}.*`) : undefined;
  if (network !== undefined) return [instead({ key, value: network }, `'${value}' is a part of an address.`)];
  const names = (known.get(key) ?? []).map((name) => recordedValue(key, name));
  if (
    values?.includes(value) === true ||
    names.length === 0 ||
    names.includes(value) ||
    value === "" ||
    isBeginning(key, value)
  )
    return [];
  const longer = names.filter((name) => name.startsWith(value));
  if (longer.length > 1 && takesBeginnings(key)) {
    const words = "Names are compared as a whole. With a * all are found that begin so.";
    return [instead({ key, value: `${value}*` }, words)];
  }
  const meant = nearest(value, names) ?? nearest(value.toLowerCase(), names);
  return meant === undefined ? [] : [instead({ key, value: meant }, `Is '${value}' misspelt?`)];
}

/** A word that is a value of a filter: these aren't searched. */
function explainWord(word: string, instead: Instead): readonly Explanation[] {
  const value = word.toLowerCase();
  const key = filterKeyNames.find((name) => factsOf(name).values?.includes(value));
  if (key === undefined) return [];
  return [instead({ key, value }, `Words aren't searched for in ${key === "outcome" ? "outcomes" : `the ${key}`}.`)];
}
