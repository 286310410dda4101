import type { Answer } from "../api/request.ts";

/** An event as the native API shows it. */
export type Event = Answer<"GET /events/{id}">;

/** What an event says. Every event says something: where the log was damaged, the page says that it is gone. */
export function descriptionOf({ description }: Pick<Event, "description">): string {
  return description ?? "Description missing";
}

/** The icon and colour class of a level above AUDIT; undefined for audit events, whose outcome says more. */
export function levelIcon(level: string): string | undefined {
  switch (level) {
    case "DEBUG":
      return "inspector-debug";
    case "INFO":
      return "information";
    case "WARNING":
      return "warning";
    case "ERROR":
    case "CRITICAL":
      return "error";
    default:
      return undefined;
  }
}
