import type { EventsSearch } from "../events-address.ts";
import { liveRefusalOf } from "../events-search.ts";
import type { FilterTerm } from "../filter/filter-language.ts";
import type { Order } from "./event-reader.ts";
import type { EventStore } from "./event-store.ts";
import type { Shown } from "./shown.ts";
import { useLive } from "./use-live.ts";

interface LiveListParts {
  readonly store: EventStore;
  readonly shown: Shown;
  readonly filter: { readonly terms: readonly FilterTerm[]; readonly query: URLSearchParams };
  readonly order: Order;
  readonly search: EventsSearch;
  readonly isAtTop: boolean;
  /** Reads the list anew, from its newest event on. */
  readonly onNewest: () => void;
  /** Asks for live mode, or takes that back. */
  readonly onToggle: () => void;
}

/** Live mode of a list: whether it can be, whether it is, and what turns it on and off. */
export function useLiveList({ store, shown, filter, order, search, isAtTop, onNewest, onToggle }: LiveListParts) {
  const liveRefusal = liveRefusalOf(filter.terms, order);
  // What comes live belongs above the newest event: a list that begins elsewhere has no place for it.
  const isLive = search.live === 1 && liveRefusal === undefined && !shown.isRebased;
  const live = useLive({
    store,
    query: filter.query,
    isOn: isLive,
    isHeld: !isAtTop || search.event !== undefined,
    onReload: onNewest,
  });
  const toggleLive = (): void => {
    if (shown.isRebased) onNewest();
    if (!shown.isRebased || search.live !== 1) onToggle();
  };
  return { live, isLive, liveRefusal, toggleLive };
}
