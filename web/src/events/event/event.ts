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

/** The target as its filter has it: kind and name, which is the fastest, else what there is. */
export function targetOf({ target_kind: kind, target_name: name, target_id: id }: Event): string | null {
  return name !== null && kind !== null ? `${kind}/${name}` : (name ?? id);
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

/** What an alert says of itself, which is an event of Ironlog's own. */
export interface RaisedAlert {
  readonly rule: string;
  readonly severity: string;
  /** The events that led to it, the newest last. */
  readonly events: readonly number[];
}

/** The alert that an event tells of; undefined for any other event, and for what others report under its name. */
export function raisedAlert({
  source,
  action,
  details,
}: Pick<Event, "source" | "action" | "details">): RaisedAlert | undefined {
  if (source !== "ironlog" || action !== "alert.raise") return undefined;
  const { rule, severity, events } = details ?? {};
  const ids: readonly unknown[] = Array.isArray(events) ? events : [];
  return {
    rule: typeof rule === "string" ? rule : "",
    severity: typeof severity === "string" ? severity : "",
    events: ids.filter((id) => typeof id === "number"),
  };
}
