/** What stands behind the `?` of a page of events. */
export interface EventsSearch {
  readonly q?: string;
  readonly event?: number;
  readonly live?: 1;
  /** The view that is open; all events, where the address alone would open one. */
  readonly view?: number | "all";
  readonly order?: "oldest";
  /** From when the list begins, in UTC: the filter is another matter. */
  readonly at?: string;
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
    ...(isTime(search["at"]) && { at: search["at"] }),
    ...(search["order"] === "oldest" && { order: "oldest" as const }),
  };
}

/** A link to what a page of events shows. Without a filter it names all events: the plain address may open somebody's view. */
export function linkOf(filter: string, { order, at }: EventsSearch): string {
  const search = new URLSearchParams(filter === "" ? { view: "all" } : { q: filter });
  if (order !== undefined) search.set("order", order);
  if (at !== undefined) search.set("at", at);
  return `/?${search}`;
}

/** `2026-11-23T08:30:00Z`, and no day that a month hasn't: that would be read as one of the next. */
function isTime(value: unknown): value is string {
  if (typeof value !== "string" || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(value)) return false;
  const millis = Date.parse(value);
  return !Number.isNaN(millis) && new Date(millis).toISOString() === value.replace("Z", ".000Z");
}

function wholeNumber(value: unknown): number | undefined {
  const number = Number(value);
  return Number.isSafeInteger(number) && number > 0 ? number : undefined;
}
