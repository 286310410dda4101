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
  if (isMirrored({ source })) return sourceName(source);
  return reporter === null ? "another program" : visible(reporter);
}

/** Whether an event was read from another MAAS, and not reported. */
export function isMirrored({ source }: Pick<Event, "source">): boolean {
  return source.startsWith(mirroredPrefix);
}

/** What is before the name of a mirrored MAAS. */
const mirroredPrefix = "maas:";

/** Where an event comes from: `MAAS prod` for a mirrored one. */
export function sourceName(source: string): string {
  return visible(isMirrored({ source }) ? `MAAS ${source.slice(mirroredPrefix.length)}` : source);
}

/** The few words beside a description that say that Ironlog hasn't seen it happen; undefined where it has. */
export function originWords(event: Pick<Event, "source" | "reporter">): string | undefined {
  const reporter = reporterOf(event);
  return reporter === undefined || isMirrored(event) ? reporter : `reported by ${reporter}`;
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
