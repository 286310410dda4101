import type { PlainEvent } from "../../database/event-columns.ts";
import { rfc3339Micros } from "../../time.ts";
import type { LogFacts } from "../formats/log-facts.ts";
import { lineText } from "../formats/line-text.ts";

const subjectMax = 150;

/** A mail that tells of an event: in the subject what has happened, below it all that is recorded of it. */
export function alertMail(event: PlainEvent, { origin, hostname }: LogFacts) {
  const description = lineText(event.description ?? event.action);
  const details = event.details === null ? {} : (JSON.parse(event.details) as Readonly<Record<string, unknown>>);
  const facts = Object.entries(details).map(([name, value]) => `${name}: ${lineText(textOf(value))}`);
  const lines = [
    description,
    "",
    `recorded: ${rfc3339Micros(event.created)}`,
    `event: ${event.id}`,
    `action: ${event.action}`,
    ...(event.username === null ? [] : [`user: ${lineText(event.username)}`]),
    ...facts,
    "",
    `log: ${origin}`,
    `leaf hash: ${Buffer.from(event.leaf_hash).toString("base64")}`,
    `server: ${hostname}`,
  ];
  return { subject: `[Ironlog] ${description}`.slice(0, subjectMax), text: `${lines.join("\n")}\n` };
}

function textOf(value: unknown): string {
  return Array.isArray(value) ? value.join(", ") : typeof value === "string" ? value : JSON.stringify(value);
}
