import { checkValue, factsOf, type FilterKey, filterKeyNames, findFilterKey, nearestFilterKey } from "./filter-keys.ts";
import { quoteValue, scanFilter, type ScannedTerm } from "./filter-scan.ts";
import { phraseValue, wordValue } from "./values/text-values.ts";
import {
  describeTime,
  fixedTime,
  isRelativeTime,
  parseCreated,
  parseFilterTime,
  resolveTime,
  rfc3339,
} from "./filter-times.ts";

// The text above the list of events: terms `key:value` or `-key:value`, words and "phrases", separated by spaces. Different keys
// must all hold; of one key that is repeated, any. All words and phrases must be found.

export interface FilterTerm {
  readonly key: FilterKey;
  readonly value: string;
  readonly isExcluded: boolean;
}

/** What is wrong with which part of a text. */
export interface FilterError {
  /** The part, as it stands there. */
  readonly term: string;
  readonly start: number;
  readonly end: number;
  readonly message: string;
  /** What may have been meant, to stand in its place. */
  readonly suggestion?: string;
}

export type ParsedFilter =
  | { readonly ok: true; readonly terms: readonly FilterTerm[] }
  | { readonly ok: false; readonly error: FilterError };

const termsMax = 20;
const charactersMax = 2000;

/** Reads a filter's text. `now`, in milliseconds, is what relative times are compared by; they stay relative. */
export function parseFilter(text: string, { now }: { readonly now: number }): ParsedFilter {
  if (text.length > charactersMax) {
    return failed(
      text,
      { start: charactersMax, end: text.length },
      "The filter is longer than 2,000 characters. Leave some of it out.",
    );
  }
  let terms: readonly FilterTerm[] = [];
  for (const scanned of scanFilter(text)) {
    const read = readTerm(text, scanned, now);
    if ("ok" in read) return read;
    for (const term of read) {
      const isTwice = isTime(term.key) && terms.some(({ key, value }) => key === term.key && value !== term.value);
      if (isTwice) return failed(text, scanned, `'${term.key}' stands there twice. Keep one of them.`);
      terms = withTerm(terms, term);
    }
    if (terms.length > termsMax)
      return failed(text, scanned, "The filter has more than 20 terms. Leave some of them out.");
    const [since, until] = [timeOf(terms, "since", now), timeOf(terms, "until", now)];
    if (since !== undefined && until !== undefined && since >= until) {
      return failed(text, scanned, "'since' is not before 'until'. Give an earlier 'since' or a later 'until'.");
    }
  }
  return { ok: true, terms };
}

/** The filter as its normalised text. */
export function printFilter(terms: readonly FilterTerm[]): string {
  return terms
    .map(({ key, value, isExcluded }) =>
      key === "text" ? value : `${isExcluded ? "-" : ""}${key}:${quoteValue(value)}`,
    )
    .join(" ");
}

/** The filter as the API's query. `now`, in milliseconds, is taken for relative times: resolve them once. */
export function toQuery(terms: readonly FilterTerm[], now: number): URLSearchParams {
  const query = new URLSearchParams();
  for (const { key, value, isExcluded } of terms) {
    const { parameter } = factsOf(key);
    if (key === "text") {
      // It is given once, with all that is to be found.
      query.set(parameter, `${query.get(parameter) ?? ""} ${value}`.trim());
      continue;
    }
    const given = isTime(key) ? rfc3339(value, now) : apiValue(key, value);
    query.append(isExcluded ? "exclude" : parameter, isExcluded ? `${parameter}:${given}` : given);
  }
  return query;
}

/** The filter with one more term, as an event has its value. It takes the place of its opposite, and of another time. */
export function addTerm(
  terms: readonly FilterTerm[],
  key: FilterKey,
  value: string,
  { isExcluded }: { readonly isExcluded: boolean },
): readonly FilterTerm[] {
  const checked = isTime(key) ? { value: parseFilterTime(value) ?? value } : checkValue(key, value);
  const term = { key, value: "value" in checked ? checked.value : value, isExcluded: isExcluded && !isTime(key) };
  const isReplaced = (other: FilterTerm): boolean =>
    other.key === key && (isTime(key) || (other.value === term.value && other.isExcluded !== isExcluded));
  return withTerm(
    terms.filter((other) => !isReplaced(other)),
    term,
  );
}

/** The filter without the term at that place. */
export function removeTerm(terms: readonly FilterTerm[], index: number): readonly FilterTerm[] {
  return terms.filter((_, at) => at !== index);
}

/** The term in words, for its chip. `hostnames` are those of nodes by system id. */
export function describeTerm(
  { key, value, isExcluded }: FilterTerm,
  hostnames: ReadonlyMap<string, string> = new Map(),
): string {
  const hostname = key === "node" ? hostnames.get(value) : undefined;
  const words = isTime(key) ? describeTime(value) : value === "" ? "nobody" : value;
  return `${isExcluded ? "not " : ""}${key}: ${words}${hostname === undefined ? "" : ` (${hostname})`}`;
}

/**
 * The same filter for a link that shows the same events later: relative times fixed, and an end where they had none. `seenTo`, in
 * milliseconds, is until when events are shown: live ones come later than `now`.
 */
export function fixedRange(terms: readonly FilterTerm[], now: number, seenTo = now): readonly FilterTerm[] {
  const fixed = terms.map((term) => {
    if (!isTime(term.key) || !isRelativeTime(term.value)) return term;
    return { ...term, value: fixedTime(resolveTime(term.value, now) / 1000) };
  });
  const isOpen = !terms.some(({ key }) => key === "until");
  const isRelative = terms.some(({ key, value }) => key === "since" && isRelativeTime(value));
  // An end is not in its range: the next second is.
  const until = fixedTime((Math.floor(seenTo / 1000) + 1) * 1000);
  return isOpen && isRelative ? [...fixed, { key: "until", value: until, isExcluded: false }] : fixed;
}

function isTime(key: FilterKey): boolean {
  return factsOf(key).isTime === true;
}

function withTerm(terms: readonly FilterTerm[], term: FilterTerm): readonly FilterTerm[] {
  const isThere = terms.some(
    ({ key, value, isExcluded }) => key === term.key && value === term.value && isExcluded === term.isExcluded,
  );
  return isThere ? terms : [...terms, term];
}

/** The API writes levels and types in capitals. */
function apiValue(key: FilterKey, value: string): string {
  return key === "level" || key === "type" ? value.toUpperCase() : value;
}

function timeOf(terms: readonly FilterTerm[], wanted: FilterKey, now: number): number | undefined {
  const term = terms.find(({ key }) => key === wanted);
  return term === undefined ? undefined : resolveTime(term.value, now);
}

type Place = Pick<ScannedTerm, "start" | "end">;

function failed(
  text: string,
  { start, end }: Place,
  message: string,
  suggestion?: string,
): ParsedFilter & { ok: false } {
  const term = text.slice(start, end);
  return { ok: false, error: { term, start, end, message, ...(suggestion !== undefined && { suggestion }) } };
}

/** The terms that one term stands for: one for each of its values. */
function readTerm(
  text: string,
  scanned: ScannedTerm,
  now: number,
): readonly FilterTerm[] | (ParsedFilter & { ok: false }) {
  const { start, end, nameStart, name, values, fault, isExcluded } = scanned;
  const fail = (message: string, suggestion?: string) => failed(text, scanned, message, suggestion);
  const term = text.slice(start, end);
  if (name === undefined) return readWord(text, scanned);
  const behindName = text.slice(nameStart + name.length, end);
  const minus = isExcluded ? "-" : "";
  const key = findFilterKey(name);
  if (key === undefined && name !== "created") {
    const meant = nearestFilterKey(name);
    if (meant === undefined) {
      const words = phraseValue(text.slice(nameStart, end));
      const use = `'${name}' is not a filter. Use one of ${filterKeyNames.join(", ")}`;
      return words === undefined ? fail(`${use}.`) : fail(`${use}, or search for ${words}.`, words);
    }
    return fail(`'${name}' is not a filter. Did you mean ${meant}:?`, `${minus}${meant}${behindName}`);
  }
  if (fault === "unclosed") return fail(`The quote in '${term}' has no end. Add " to it.`, `${term}"`);
  if (fault !== undefined) return fail(`'${term}' goes on behind its quote. Put a space or a comma there.`);
  if (values.some((value) => value.text === "" && !(value.isQuoted && key === "user"))) {
    return fail(`A value is missing in '${term}'. Add one behind the colon or the comma.`);
  }
  if (key === undefined || isTime(key)) return readTime(text, scanned, key, now);
  if (key === "text") return readTexts(text, scanned);
  const terms: FilterTerm[] = [];
  for (const given of values) {
    const checked = checkValue(key, given.text);
    if (!("value" in checked)) {
      const { message, instead } = checked;
      const mended = `${text.slice(start, given.start)}${instead}${text.slice(given.end, end)}`;
      return instead === undefined ? fail(message) : fail(message, mended);
    }
    terms.push({ key, value: checked.value, isExcluded });
  }
  return terms;
}

const examples = "2026-11-23, 2026-11-23T08:30, 24h, 7d, today or yesterday";

/** `since` and `until`, or `created` where there is no key. */
function readTime(text: string, scanned: ScannedTerm, key: FilterKey | undefined, now: number) {
  const { name = "", values, isExcluded } = scanned;
  const fail = (message: string, suggestion?: string) => failed(text, scanned, message, suggestion);
  const [first, another] = values;
  const given = first?.text ?? "";
  const opposite = key === "since" ? "until" : "since";
  if (isExcluded && key === undefined) return fail("'created' can't be excluded. Use since: and until:.");
  if (isExcluded)
    return fail(`'${name}' can't be excluded. Did you mean ${opposite}:?`, `${opposite}:${quoteValue(given)}`);
  if (another !== undefined) return fail(`'${name}' takes one time. Keep one of them.`);
  const time = (of: FilterKey, value: string | undefined): readonly FilterTerm[] =>
    value === undefined ? [] : [{ key: of, value, isExcluded: false }];
  if (key !== undefined) {
    const value = parseFilterTime(given);
    return value === undefined ? fail(`'${given}' is not a time. Use ${examples}.`) : time(key, value);
  }
  const range = parseCreated(given, now);
  if (range !== undefined) return [...time("since", range.since), ...time("until", range.until)];
  const day = parseFilterTime(given) === undefined ? undefined : `created:${given}..${given}`;
  return fail(`'${given}' is not a range of times. Use >=T, <T or T..T, where T is ${examples}.`, day);
}

/** Words and phrases behind `text:`, which mean the same without it. */
function readTexts(text: string, scanned: ScannedTerm): readonly FilterTerm[] | (ParsedFilter & { ok: false }) {
  const { start, end, values, isExcluded } = scanned;
  const terms: FilterTerm[] = [];
  for (const given of values) {
    const value = given.isQuoted ? phraseValue(given.text) : wordValue(given.text);
    if (isExcluded) return failed(text, scanned, "Words can't be left out. Leave out values, as in -user:ada.");
    if (value === undefined) return failed(text, scanned, nothingIn(text.slice(start, end)));
    terms.push({ key: "text", value, isExcluded: false });
  }
  return terms;
}

/** A word or a phrase by itself, which is searched for. */
function readWord(text: string, scanned: ScannedTerm): readonly FilterTerm[] | (ParsedFilter & { ok: false }) {
  const { end, nameStart, isExcluded, fault } = scanned;
  const word = text.slice(nameStart, end);
  const fail = (message: string, suggestion?: string) => failed(text, scanned, message, suggestion);
  if (word === "") return fail("'-' alone is not a filter. Leave it out.", "");
  if (fault === "unclosed") return fail(`The quote in '${word}' has no end. Add " to it.`, `${word}"`);
  if (word === "OR") return fail("There is no OR. Give one filter several values, as in user:ada,bob.");
  if (word === "AND") return fail("There is no AND. Leave it out: different filters must all hold.", "");
  if (isExcluded) {
    const withValue = filterKeyNames.find((key) => factsOf(key).values?.includes(word.toLowerCase()));
    const meant = `-${withValue ?? "user"}:${word.startsWith('"') ? word : quoteValue(word)}`;
    return fail(`Words can't be left out, only values can. Did you mean ${meant}?`, meant);
  }
  const value = word.startsWith('"') ? phraseValue(word.slice(1, -1)) : wordValue(word);
  return value === undefined ? fail(nothingIn(word)) : [{ key: "text", value, isExcluded: false }];
}

function nothingIn(term: string): string {
  return `There is nothing to search for in '${term}'. Use letters or digits.`;
}
