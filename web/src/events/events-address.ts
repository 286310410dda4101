/** What stands behind the `?` of a page of events. */
export interface EventsSearch {
  readonly q?: string;
  readonly event?: number;
  readonly live?: 1;
  /** The view that is open; all events, where the address alone would open one. */
  readonly view?: number | "all";
  readonly order?: "oldest";
}

/** Reads it from an address, where all is text; what makes no sense is left out. */
export function parseEventsSearch(search: Readonly<Record<string, unknown>>): EventsSearch {
  const [event, view] = [wholeNumber(search["event"]), wholeNumber(search["view"])];
  return {
    ...(typeof search["q"] === "string" && search["q"] !== "" && { q: search["q"] }),
    ...(event !== undefined && { event }),
    ...(String(search["live"]) === "1" && { live: 1 as const }),
    ...(view !== undefined && { view }),
    ...(search["view"] === "all" && { view: "all" as const }),
    ...(search["order"] === "oldest" && { order: "oldest" as const }),
  };
}

function wholeNumber(value: unknown): number | undefined {
  const number = Number(value);
  return Number.isSafeInteger(number) && number > 0 ? number : undefined;
}
