import type { Parameters } from "../../http/maas/parameters/parameters.ts";
import type { EventWindow } from "../filter/filter.ts";

/** What of a request's parameters its links keep (docs/contract.md, 4.5; `pool` included, which MAAS loses). */
const keptParameters = new Set([
  "agent_name",
  "domain",
  "hostname",
  "id",
  "level",
  "limit",
  "mac_address",
  "op",
  "owner",
  "pool",
  "zone",
]);

interface Identified {
  readonly id: number;
}

/** Asks for what is newer than this page. Of an empty page it keeps the place, so that a poller misses nothing. */
export function nextUri(query: Parameters, window: EventWindow, events: readonly Identified[]): string {
  const [newest] = events;
  if (newest !== undefined) return link(query, "after", newest.id);
  switch (window.kind) {
    case "newest":
      return link(query);
    case "before":
      return link(query, "after", window.id - 1);
    case "after":
      return link(query, "after", window.id);
  }
}

/** Asks for what is older than this page; null where there is nothing older. */
export function prevUri(query: Parameters, window: EventWindow, events: readonly Identified[]): string | null {
  const oldest = events.at(-1);
  if (oldest !== undefined) return link(query, "before", oldest.id);
  return window.kind === "after" ? link(query, "before", window.id + 1) : null;
}

/** The request's own parameters in its order, repeats kept; a repeat of `op` counts once, as it did. */
function link(query: Parameters, name?: "after" | "before", id?: number): string {
  const kept = query.pairs.filter(([key]) => keptParameters.has(key) && key !== "op");
  const firstOp = query.pairs.findIndex(([key]) => key === "op");
  const place = query.pairs.slice(0, Math.max(0, firstOp)).filter(([key]) => keptParameters.has(key)).length;
  const op = query.last("op");
  const parameters = new URLSearchParams();
  const pairs = op === undefined ? kept : kept.toSpliced(place, 0, ["op", op]);
  for (const [key, value] of pairs) parameters.append(key, value);
  if (name !== undefined) parameters.append(name, String(id));
  return `/MAAS/api/2.0/events/?${parameters.toString()}`;
}
