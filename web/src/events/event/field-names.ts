import { type Event, isMirrored, reporterOf } from "./event.ts";

/** What the fields of an event are called, beside the list and on paper: of what others report, some are the reporter's. */
export function fieldNamesOf(event: Event, zone: string) {
  // What a report came with is its reporter's, and not of who it names.
  const isReported = reporterOf(event) !== undefined && !isMirrored(event);
  return {
    created: `Time, ${zone}`,
    exactly: "UTC, exactly",
    occurred: "Occurred",
    username: isReported ? "User, as reported" : isMirrored(event) ? "User there" : "User",
    ip: isReported ? "Reporter's address" : "Address",
    forwarded: "Forwarded for",
    reporter: "Reported by",
    endpoint: "Through",
    user_agent: isReported ? "Reporter's program" : "Browser",
    type: "Type",
    action: "Action",
    outcome: "Outcome",
    level: "Level",
    target: "Target",
    node: "Node",
    source: "Source",
    idThere: "Id there",
    userIdThere: "User id there",
    session: "Session",
    key: "API key",
    trace_id: "Request",
  } as const;
}

/** The id that a mirrored event has where it comes from; null of all others. */
export function idThereOf({ source_event_id: id, generation }: Event): string | null {
  if (id === null) return null;
  return generation !== null && generation > 1 ? `${id}, generation ${generation}` : String(id);
}
