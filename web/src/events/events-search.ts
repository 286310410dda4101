import { useEffect, useMemo, useRef } from "react";
import { useNavigate, useRouter } from "@tanstack/react-router";
import { useZone } from "../page/text/zone.ts";
import {
  addTerm,
  type FilterError,
  type FilterTerm,
  parseFilter,
  printFilter,
  toQuery,
} from "./filter/filter-language.ts";
import type { FilterKey } from "./filter/filter-keys.ts";
import { rememberFilter } from "./filter/recent-filters.ts";
import { type EventsSearch, parseEventsSearch } from "./events-address.ts";
import type { Order } from "./list/event-reader.ts";
import { searchOfAll } from "./views/view.ts";

/** The filter of the address. While that is wrong, the last good one stays in effect. Relative times are resolved once a reading. */
export function useAppliedFilter(text: string, fixed: readonly FilterTerm[], readings: number) {
  const good = useRef<readonly FilterTerm[]>([]);
  const zone = useZone();
  // oxlint-disable-next-line react-hooks/exhaustive-deps -- each reading has a now of its own
  const now = useMemo(() => Date.now(), [text, fixed, readings]);
  const read = useMemo(() => {
    const parsed = parseFilter(text, { now });
    const error = parsed.ok ? refuseFixed(parsed.terms, fixed, text) : parsed.error;
    if (parsed.ok && error === undefined) good.current = parsed.terms;
    const terms = good.current;
    return { filter: { terms, now, query: toQuery([...fixed, ...terms], now) }, error };
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- days begin at other times in another zone
  }, [text, fixed, now, zone]);
  // What asks for the same in another zone is no other filter: its list stays.
  // oxlint-disable-next-line react-hooks/exhaustive-deps -- the query says whether the filter is another one
  const filter = useMemo(() => read.filter, [text, now, String(read.filter.query)]);
  return { filter, error: read.error };
}

/** A key that the page has given would mean one or the other with a second value: another page's events. */
function refuseFixed(
  terms: readonly FilterTerm[],
  fixed: readonly FilterTerm[],
  text: string,
): FilterError | undefined {
  const again = terms.find(({ key, isExcluded }) => !isExcluded && fixed.some((term) => term.key === key));
  if (again === undefined) return undefined;
  const message = `'${again.key}:' is given by this page already. Leave it out, or search on the Events page.`;
  return { term: again.key, message, start: 0, end: text.length };
}

/**
 * What changes the address: a filter pushes a page, another event replaces one. `wantNewest` is told of a new filter. `hasViews`: the plain
 * address may open a view.
 */
export function useActions(terms: readonly FilterTerm[], hasViews: boolean, wantNewest: () => void) {
  const navigate = useNavigate();
  const router = useRouter();
  return useMemo(() => {
    const go = (change: (now: EventsSearch) => EventsSearch, entry: "new" | "same" | "panel"): void =>
      void navigate({
        to: ".",
        search: (now: object) => change(parseEventsSearch({ ...now })),
        replace: entry === "same",
        state: entry === "same" ? true : entry === "panel" ? { isPanel: true } : {},
      });
    const apply = (wanted: readonly FilterTerm[]): void => {
      const text = printFilter(wanted);
      rememberFilter(text);
      wantNewest();
      go(({ q: _q, view: _view, at: _at, ...rest }) => {
        const filter = text !== "" ? { q: text } : hasViews ? searchOfAll() : {};
        return { ...rest, ...filter };
      }, "new");
    };
    return {
      apply,
      setRange: (since: string, until: string): void => {
        const range = { isExcluded: false };
        apply(addTerm(addTerm(terms, "since", since, range), "until", until, range));
      },
      /** Another event takes the place of the one that is open, so that Back closes the panel and not one after another. */
      open: (id: number): void => go((now) => ({ ...now, event: id }), isOpen() ? "same" : "panel"),
      close(): void {
        if (router.history.location.state.isPanel === true) router.history.back();
        else go(({ event: _event, ...rest }) => rest, "same");
      },
      /** Where the list begins; undefined for its top. */
      goTo: (at: string | undefined): void =>
        go(({ at: _at, ...rest }) => ({ ...rest, ...(at !== undefined && { at }) }), "new"),
      setOrder: (order: Order): void =>
        go(({ order: _order, ...rest }) => ({ ...rest, ...(order === "oldest" && { order }) }), "same"),
      toggleLive: (): void => go(({ live, ...rest }) => ({ ...rest, ...(live !== 1 && { live: 1 as const }) }), "same"),
    };
    function isOpen(): boolean {
      return parseEventsSearch(router.state.location.search).event !== undefined;
    }
  }, [navigate, router, terms, hasViews, wantNewest]);
}

/** Reads a filter once more, with what may have been meant in the place of what was wrong. */
export function mend(typed: string, { start, end, suggestion = "" }: FilterError) {
  return parseFilter(typed.slice(0, start) + suggestion + typed.slice(end), { now: Date.now() });
}

/** Why a list can't be live; undefined where it can. */
export function liveRefusalOf(terms: readonly FilterTerm[], order: Order): string | undefined {
  if (order === "oldest") return "Live is off while the oldest events come first.";
  if (terms.some(({ key }) => key === "until")) return "Live is off while the filter has an end.";
  if (terms.some(({ key }) => key === "text")) return "Live is off while words are searched: it follows filters only.";
  return undefined;
}

/** Filters that are often wanted. */
export function quickFilters(username: string | undefined) {
  const term = (key: FilterKey, value: string): FilterTerm => ({ key, value, isExcluded: false });
  return [
    { label: "Failures", terms: [term("outcome", "failure")] },
    { label: "Logins", terms: [term("action", "auth.*")] },
    { label: "Last 24 hours", terms: [term("since", "24h")] },
    ...(username === undefined ? [] : [{ label: "My events", terms: [term("user", username)] }]),
  ];
}

/** Puts the list behind an event that somebody came to by its address, so that Back closes it and does not leave. */
export function useListBehindEvent(): void {
  const router = useRouter();
  const { history } = router;
  const isOpen = parseEventsSearch(router.state.location.search).event !== undefined;
  useEffect(() => {
    const { pathname, search, hash, state } = history.location;
    if (!isOpen || state.isPanel === true) return;
    const list = new URLSearchParams(search);
    list.delete("event");
    const text = list.toString();
    history.replace(`${pathname}${text === "" ? "" : `?${text}`}${hash}`, {}, { ignoreBlocker: true });
    // Else the two would become one entry.
    history.flush();
    history.push(`${pathname}${search}${hash}`, { isPanel: true }, { ignoreBlocker: true });
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- once, for the address that somebody came by
  }, []);
}

declare module "@tanstack/react-router" {
  interface HistoryState {
    /** True of an entry that was made by opening an event, above the one of the list. */
    readonly isPanel?: boolean;
  }
}
