import type { PlainEvent } from "../../database/event-columns.ts";
import { levelNumbers } from "../../events/filter/level.ts";
import { type Mapping, mappings } from "./mapping.ts";

type Ranked = Pick<PlainEvent, "source" | "action" | "outcome" | "level">;

/** What failed is worth a look. */
const failureSeverity = 5;

/**
 * How an event is classified. An event of another program, or of a version that had other actions, is judged by its level and outcome:
 * its action may be any.
 */
export function mappingOf(event: Ranked): Mapping {
  if (event.source === "ironlog" && Object.hasOwn(mappings, event.action)) {
    return mappings[event.action as keyof typeof mappings];
  }
  const isError = event.level >= levelNumbers.ERROR;
  return {
    ocsf: { "1.8.0": anyActivity, "1.9.0-dev": anyActivity },
    ecs: { categories: [], types: [isError ? "error" : "info"] },
    severity: severityOfLevel.find(([level]) => event.level >= level)?.[1] ?? 3,
  };
}

const anyActivity = { class: 0, activity: 99 } as const;

/** The highest first. An audit event of MAAS has the lowest level, and tells of what somebody did. */
const severityOfLevel: readonly (readonly [number, number])[] = [
  [levelNumbers.CRITICAL, 9],
  [levelNumbers.ERROR, 7],
  [levelNumbers.WARNING, 6],
  [levelNumbers.INFO, 3],
  [levelNumbers.DEBUG, 1],
];

/** How grave an event is, 0 to 10 as CEF counts. */
export function severityOf(event: Ranked): number {
  const mapping = mappingOf(event);
  if (event.outcome !== "failure") return mapping.severity;
  return mapping.failureSeverity ?? Math.max(mapping.severity, failureSeverity);
}

/** A severity in the numbers of each format. */
interface Grade {
  /** From here on, as CEF counts. */
  readonly from: number;
  readonly ocsf: number;
  /** RFC 5424, section 6.2.1: the lower the graver. */
  readonly syslog: number;
  readonly otlp: number;
  readonly otlpText: string;
}

const grades: readonly Grade[] = [
  { from: 9, ocsf: 5, syslog: 2, otlp: 21, otlpText: "FATAL" },
  { from: 7, ocsf: 4, syslog: 3, otlp: 17, otlpText: "ERROR" },
  { from: 6, ocsf: 3, syslog: 4, otlp: 13, otlpText: "WARN" },
  { from: 5, ocsf: 2, syslog: 5, otlp: 10, otlpText: "INFO2" },
  { from: 2, ocsf: 1, syslog: 6, otlp: 9, otlpText: "INFO" },
];
const lowest: Grade = { from: 0, ocsf: 1, syslog: 7, otlp: 5, otlpText: "DEBUG" };

export function gradeOf(event: Ranked): Grade {
  const severity = severityOf(event);
  return grades.find(({ from }) => severity >= from) ?? lowest;
}
