import type { AnyOf } from "../../search/query/find-ids.ts";
import type { SearchText } from "../../search/words/search-text.ts";
import { wordsOf } from "../../search/words/words.ts";
import { listedForms } from "../filter/blocked-logins.ts";
import type { ResolvedFilter } from "../filter/filter.ts";

/** More values of a list than that leave out little. */
const valuesMax = 60;

/**
 * What the index is asked for a search and a filter: people, addresses and nodes are words of their events too. It leaves out no event that
 * matches; the rows decide the rest.
 */
export function indexTerms({ words }: SearchText, filter: ResolvedFilter): readonly AnyOf[] {
  const { usernames, usernamePrefixes, ips, ipRanges, nodes, hosts } = filter;
  return [
    ...words.map((word): AnyOf => [[{ word, match: "part" }]]),
    ...(usernamePrefixes === undefined && usernames?.every((name) => name !== null) === true
      ? anyOfValues(usernames)
      : []),
    ...(ips === undefined || ipRanges !== undefined ? [] : anyOfValues(ips.flatMap(listedForms))),
    ...(nodes === undefined ? [] : anyOfValues(nodes)),
    ...(hosts === undefined || hosts.prefixes !== undefined
      ? []
      : anyOfValues([...hosts.hostnames, ...hosts.systemIds])),
  ];
}

/** Nothing where a value has no word: then the index can't tell. */
function anyOfValues(values: readonly string[]): readonly AnyOf[] {
  const each = values.map((value) => [...new Set(wordsOf(value))]);
  if (each.length > valuesMax || each.some((words) => words.length === 0)) return [];
  return [each.map((words) => words.map((word) => ({ word, match: "whole" as const })))];
}
