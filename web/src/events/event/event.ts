import type { Answer } from "../../api/request.ts";
import { visible } from "../../page/text/visible.ts";

/** An event as the native API shows it. */
export type Event = Answer<"GET /events/{id}">;

/** What an event says. Every event says something: where the log was damaged, the page says that it is gone. */
export function descriptionOf({ description }: Pick<Event, "description">): string {
  return description === null ? "Description missing" : visible(description);
}

/** Who says that it happened, where Ironlog itself doesn't; undefined of what it has seen itself. */
export function reporterOf({ source, reporter }: Pick<Event, "source" | "reporter">): string | undefined {
  if (source === "ironlog") return undefined;
  return reporter === null ? "another program" : visible(reporter);
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
