import type { EventsSearch } from "../events-address.ts";
import { useCallback, useEffect, useMemo, useRef } from "react";
import type { Order } from "./event-reader.ts";
import { EventStore } from "./event-store.ts";

/** The list of a filter, which is read from then on. Who comes by a link to an event, or back to one, wants to see what was around it. */
export function useEventStore(filter: { readonly query: URLSearchParams }, order: Order, { event, at }: EventsSearch) {
  const wantsNewest = useRef(false);
  const around = useRef(event);
  around.current = wantsNewest.current ? undefined : event;
  const store = useMemo(() => new EventStore(filter.query, { around: around.current, at, order }), [filter, order, at]);
  useEffect(() => {
    wantsNewest.current = false;
    void store.readOn();
    return () => store.stop();
  }, [store]);
  /** Who asks for events wants the newest, whichever is open. */
  const wantNewest = useCallback(() => {
    wantsNewest.current = true;
  }, []);
  return { store, wantNewest };
}
