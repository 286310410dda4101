import { checkValue, factsOf, type FilterKey, filterKeyNames, filterKeys, findFilterKey } from "./filter-keys.ts";
import { recordedValue } from "./values/beginnings.ts";
import { quoteValue, scanFilter, type ScannedTerm } from "./filter-scan.ts";

/** What values can be completed from: those who may not see users and nodes give their own name and none. */
export interface CompletionSources {
  readonly actions: readonly string[];
  readonly users: readonly string[];
  readonly nodes: readonly { readonly system_id: string; readonly hostname: string }[];
  /** The names of mirrored MAASes. */
  readonly mirrored: readonly string[];
  /** Filters that were applied before, newest first. */
  readonly recent: readonly string[];
}

/** What was found in the log for the filter at the caret. */
export interface LoggedValues {
  readonly key: FilterKey;
  readonly values: readonly string[];
}

/** One line of the list. Accepting it puts `insert` into `range`, and the caret behind it. */
export interface Completion {
  readonly insert: string;
  readonly label: string;
  /** A few words more, or nothing. */
  readonly hint: string;
  readonly range: { readonly start: number; readonly end: number };
}

type Candidate = Pick<Completion, "label" | "hint"> & { readonly value: string };

const itemsMax = 12;
const recentMax = 4;

/** What may be meant at the caret: a filter's name, or behind its colon a value. */
export function completion(
  text: string,
  caret: number,
  sources: CompletionSources,
  logged?: LoggedValues,
): readonly Completion[] {
  const items = text.trim() === "" ? completeNothing(text, sources) : completeTerm(text, caret, sources, logged);
  return items.slice(0, itemsMax);
}

/** The filter whose value is being typed at the caret, and what there is of it; undefined elsewhere. */
export function valueAt(text: string, caret: number): { readonly key: FilterKey; readonly typed: string } | undefined {
  const typed = scanFilter(text.slice(0, caret)).at(-1);
  const value = typed?.end === caret ? typed.values.at(-1) : undefined;
  const key = typed?.name === undefined ? undefined : findFilterKey(typed.name);
  return key === undefined || value === undefined ? undefined : { key, typed: value.text };
}

function completeNothing(text: string, sources: CompletionSources): readonly Completion[] {
  const range = { start: 0, end: text.length };
  const recent = sources.recent.slice(0, recentMax);
  return [
    ...recent.map((filter) => ({ insert: filter, label: filter, hint: "used before", range })),
    ...names("", range, false),
  ];
}

function completeTerm(
  text: string,
  caret: number,
  sources: CompletionSources,
  logged?: LoggedValues,
): readonly Completion[] {
  // Up to the caret: in `user:a|b` what was typed is `a`, and all of `ab` is replaced.
  const typed = scanFilter(text.slice(0, caret)).at(-1);
  const isInTerm = typed !== undefined && typed.end === caret;
  if (!isInTerm) return names("", { start: caret, end: caret }, false);
  const whole = scanFilter(text).find(({ start }) => start === typed.start) ?? typed;
  const value = typed.values.at(-1);
  if (typed.name === undefined || value === undefined) return completeWord(text, typed, whole, sources);
  const key = findFilterKey(typed.name);
  if (key === undefined) return [];
  const end = whole.values.find(({ start }) => start === value.start)?.end ?? caret;
  const known = candidates(key, sources);
  const all = logged?.key === key ? [...known, ...loggedCandidates(logged, known, sources)] : known;
  return matching(value.text, all)
    .filter((one) => quoteValue(one.value) !== text.slice(value.start, end))
    .map(({ value: found, label, hint }) => ({
      insert: quoteValue(found),
      label,
      hint,
      range: { start: value.start, end },
    }));
}

/** A word without a colon: filters whose name begins so, then values that do. */
function completeWord(
  text: string,
  { nameStart, end, isExcluded }: ScannedTerm,
  whole: ScannedTerm,
  sources: CompletionSources,
): readonly Completion[] {
  const word = text.slice(nameStart, end);
  const nameEnd = whole.name === undefined ? whole.end : nameStart + whole.name.length + 1;
  const range = { start: nameStart, end: nameEnd };
  const found = names(word, range, isExcluded);
  if (word === "" || whole.name !== undefined) return found;
  const values = filterKeyNames.flatMap((key) =>
    (factsOf(key).isTime ? [] : candidates(key, sources))
      .filter(({ label }) => beginsWith(label, word))
      .map((one) => ({
        insert: `${key}:${quoteValue(one.value)}`,
        label: `${key}: ${one.label}`,
        hint: one.hint,
        range,
      })),
  );
  return [...found, ...values];
}

function names(word: string, range: Completion["range"], isExcluded: boolean): readonly Completion[] {
  return filterKeyNames
    .filter((key) => [key, ...factsOf(key).aliases].some((name) => beginsWith(name, word)))
    .filter((key) => !(isExcluded && factsOf(key).isTime))
    .map((key) => ({ insert: `${key}:`, label: `${key}:`, hint: factsOf(key).about, range }));
}

/** Those that begin with what was typed, then those that hold it. */
function matching(typed: string, all: readonly Candidate[]): readonly Candidate[] {
  const begin = all.filter(({ label, hint }) => beginsWith(label, typed) || (hint !== "" && beginsWith(hint, typed)));
  const hold = all.filter(({ label, hint }) => `${label}\n${hint}`.toLowerCase().includes(typed.toLowerCase()));
  return [...new Set([...begin, ...hold])];
}

function beginsWith(text: string, start: string): boolean {
  return text.toLowerCase().startsWith(start.toLowerCase());
}

const plain = (value: string): Candidate => ({ value, label: value, hint: "" });
const asRecorded = (key: FilterKey) => (value: string) => plain(recordedValue(key, value));

const times: readonly Candidate[] = [
  { value: "15m", label: "15m", hint: "15 minutes ago" },
  { value: "1h", label: "1h", hint: "an hour ago" },
  { value: "24h", label: "24h", hint: "24 hours ago" },
  { value: "7d", label: "7d", hint: "7 days ago" },
  { value: "4w", label: "4w", hint: "4 weeks ago" },
  { value: "today", label: "today", hint: "midnight" },
  { value: "yesterday", label: "yesterday", hint: "midnight a day before" },
];

function candidates(key: FilterKey, { actions, users, nodes, mirrored }: CompletionSources): readonly Candidate[] {
  const { values, isTime } = factsOf(key);
  if (key === "source") return [...filterKeys.source.values, ...mirrored.map((name) => `maas:${name}`)].map(plain);
  if (values !== undefined) return values.map(plain);
  if (isTime) return times;
  if (key === "user")
    return [...users.map(asRecorded("user")), { value: "", label: "nobody", hint: "requests without a login" }];
  if (key === "node")
    return nodes.map((node) => ({ value: node.system_id, label: node.system_id, hint: node.hostname }));
  if (key === "target") return users.map((name) => `user/${name}`).map(asRecorded("target"));
  return key === "action" ? [...prefixes(actions), ...actions.map(plain)] : [];
}

/** What the log has beyond what is known of, as the filter takes it. */
function loggedCandidates(
  { key, values }: LoggedValues,
  known: readonly Candidate[],
  { nodes }: CompletionSources,
): readonly Candidate[] {
  const hostnames = key === "node" ? nodes.map(({ hostname }) => hostname) : [];
  const there = new Set([...known.map(({ value }) => value), ...hostnames]);
  const found = values.flatMap((value) => {
    const checked = checkValue(key, recordedValue(key, value));
    return "value" in checked && !there.has(checked.value) ? [checked.value] : [];
  });
  return [...(key === "action" ? prefixes(found).filter(({ value }) => !there.has(value)) : []), ...found.map(plain)];
}

/** `auth.*` for all actions that begin so. */
function prefixes(actions: readonly string[]): readonly Candidate[] {
  const starts = new Set(
    actions.map((action) => action.slice(0, action.indexOf(".") + 1)).filter((start) => start !== ""),
  );
  return [...starts].map((start) => ({ value: `${start}*`, label: `${start}*`, hint: `all of ${start.slice(0, -1)}` }));
}
