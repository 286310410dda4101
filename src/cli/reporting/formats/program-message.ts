import { actionFrom, descriptionFrom, findName } from "../../../reported/other-words.ts";
import type { Reported } from "../reported.ts";
import { fitDetails, type Details } from "./details.ts";
import { findKnown } from "./known-messages.ts";

/** What a program told syslog or the journal. */
export interface ProgramMessage {
  readonly type: "JOURNAL" | "SYSLOG";
  readonly program: string | undefined;
  readonly text: string;
  /** As syslog numbers it, 0 to 7. */
  readonly severity: number | undefined;
  readonly occurred: string | undefined;
  readonly hostname: string | undefined;
  readonly details: Details;
}

/** The event that such a message is. */
export function eventFrom({ type, program, text, severity, occurred, hostname, details }: ProgramMessage): Reported {
  const known = program === undefined ? undefined : findKnown(program, text);
  const description = descriptionFrom(text);
  const username = findName(known?.username);
  const host = findName(hostname);
  const words = [type.toLowerCase(), program === undefined ? "message" : dashed(program), known?.action];
  const more = fitDetails({
    program,
    ip: known?.ip,
    ...details,
    message: text.trim().length > description.length ? text : undefined,
  });
  return {
    level: levelOfSeverity(severity),
    type,
    action: actionFrom(words.filter((word) => word !== undefined).join(".")),
    description: description === "" ? "(no text)" : description,
    ...(known !== undefined && { outcome: known.outcome }),
    ...(occurred !== undefined && { occurred }),
    ...(username !== undefined && { username }),
    ...(host !== undefined && { hostname: host }),
    ...(more !== undefined && { details: more }),
  };
}

/** An action has room for some words. */
const wordLengthMax = 64;

/** A name as one word of an action. */
export function dashed(name: string): string {
  return (
    name
      .slice(0, wordLengthMax)
      .replaceAll(/[^\w-]+/g, "-")
      .replaceAll(/^-+|-+$/g, "") || "unnamed"
  );
}

const levels = ["CRITICAL", "CRITICAL", "CRITICAL", "ERROR", "WARNING", "INFO", "INFO", "DEBUG"];

function levelOfSeverity(severity: number | undefined): string {
  return levels[severity ?? 6] ?? "INFO";
}
