import { type Static, Type } from "typebox";
import type { ReportedDraft } from "../../audit/event-draft.ts";
import { actionLengthMax, descriptionLengthMax, nameLengthMax, typeLengthMax } from "../../reported/other-words.ts";
import { parseTime } from "../../time.ts";
import { invalidField, Refusal } from "../../refusal.ts";
import { canonicalJson, type CanonicalValue } from "../../verifiable-log/canonical-json.ts";
import { isMirroredSource } from "../../verifiable-log/event-source.ts";
import { findLevel, levelNumbers } from "../filter/level.ts";

/** So many events in one request; they share a transaction. */
export const reportedEventsMax = 1000;

const detailsBytesMax = 16 * 1024;
/** A program's clock may be ahead by so much. */
const clockAheadMicros = 300_000_000;

const optionalText = (description: string) => Type.Optional(Type.String({ description }));

export const reportedEventSchema = Type.Object(
  {
    level: Type.Optional(
      Type.Enum(Object.keys(levelNumbers) as (keyof typeof levelNumbers)[], { description: "INFO unless given." }),
    ),
    type: Type.String({ description: "A stable name such as NODE_POWER_FAILURE: letters, digits, _." }),
    action: Type.String({ description: "What was done, such as user.login: words of small letters, dots between." }),
    description: Type.String({ description: "One sentence for people." }),
    outcome: Type.Optional(Type.Enum(["success", "failure"], { description: "success unless given." })),
    occurred: optionalText("When it happened (RFC 3339), where that is not now."),
    username: optionalText("Who did it, as the reporting program names them."),
    node: optionalText("The system id of the node that it is about."),
    hostname: optionalText("That node's name; the inventory's unless given."),
    target: Type.Optional(
      Type.Object(
        { kind: optionalText("What it is."), id: optionalText("Its id."), name: optionalText("Its name.") },
        { additionalProperties: false, description: "What was acted upon." },
      ),
    ),
    details: Type.Optional(
      Type.Object({}, { additionalProperties: true, description: "What else is to be known; whole numbers only." }),
    ),
    source: optionalText("external unless given; maas:NAME by an API key that an administrator made for that source."),
    key: optionalText("Makes a repeat harmless: an event under a key that was used before is not recorded again."),
  },
  { additionalProperties: false },
);

/** An event that another program reports, checked. */
export interface ReportedEvent {
  readonly draft: ReportedDraft;
  readonly key: string | undefined;
}

/**
 * Checks what a schema can't say. `now` is in microseconds; `ownSource` is what the reporter's API key was made for. Refuses with `invalid`,
 * naming the field, and with `forbidden` a source that the key wasn't made for.
 */
export function parseReportedEvent(
  given: Static<typeof reportedEventSchema>,
  now: number,
  ownSource: string | null,
): ReportedEvent {
  const { details, target } = given;
  const level = findLevel(given.level ?? "INFO");
  if (level === undefined) throw invalidField("level", "There is no such level.");
  return {
    draft: {
      source: given.source === undefined ? "external" : parseSource(given.source, ownSource),
      level,
      type: parsePattern(given.type, "type", /^[A-Z][A-Z0-9_]*$/, typeLengthMax, "NODE_POWER_FAILURE"),
      action: parsePattern(given.action, "action", actionPattern, actionLengthMax, "user.login"),
      outcome: given.outcome ?? "success",
      occurred: given.occurred === undefined ? null : parseOccurred(given.occurred, now),
      username: parseName(given.username, "username"),
      description: parseDescription(given.description),
      details: details === undefined ? null : parseDetails(details),
      target: target === undefined ? null : parseTarget(target),
      node: parseName(given.node, "node"),
      hostname: parseName(given.hostname, "hostname"),
    },
    key: given.key === undefined ? undefined : parseKey(given.key, "key"),
  };
}

function parseSource(text: string, ownSource: string | null): ReportedDraft["source"] {
  if (text === "external") return text;
  if (!isMirroredSource(text)) {
    throw invalidField("source", "Leave it out, or give external, or maas:NAME for what a MAAS tells.");
  }
  if (text === ownSource) return text;
  const sentence = `This API key may not report as '${text}'. An administrator makes one that may: users create-token NAME scopes=events:write source=${text}`;
  throw new Refusal("forbidden", sentence, { fields: { source: [sentence] }, isForAdministrators: true });
}

const actionPattern = /^[a-z][a-z0-9_-]*(\.[a-z0-9_-]+)*$/;

/** A key under which a report is recorded once. */
export function parseKey(text: string, field: string): string {
  if (/^[\x21-\x7e]+$/.test(text) && text.length <= nameLengthMax) return text;
  throw invalidField(field, `Give 1 to ${nameLengthMax} ASCII characters without blanks.`);
}

function parsePattern(text: string, field: string, pattern: RegExp, lengthMax: number, example: string): string {
  refuseTooLong(text, field, lengthMax);
  if (!pattern.test(text)) throw invalidField(field, `'${text}' is not in the form of ${example}.`);
  return text;
}

function parseOccurred(text: string, now: number): number {
  const occurred = parseTime(text, "occurred");
  if (occurred < 0) throw invalidField("occurred", "Give a time after 1970.");
  if (occurred > now + clockAheadMicros) {
    throw invalidField("occurred", "This is in the future: set the clock of the reporting machine right.");
  }
  return occurred;
}

function parseDescription(text: string): string {
  refuseTooLong(text, "description", descriptionLengthMax);
  if (text.trim() === "") throw invalidField("description", "Say in a sentence what happened.");
  // Lines and tabs are for people, too.
  if (/[^\P{Cc}\n\t]/u.test(text)) throw invalidField("description", "Enter text without control characters.");
  return text;
}

function parseTarget(given: { readonly kind?: string; readonly id?: string; readonly name?: string }) {
  return {
    kind: parseName(given.kind, "target.kind"),
    id: parseName(given.id, "target.id"),
    name: parseName(given.name, "target.name"),
  };
}

function parseName(text: string | undefined, field: string): string | null {
  if (text === undefined) return null;
  if (text === "") throw invalidField(field, "Leave it out, or give at least one character.");
  refuseTooLong(text, field, nameLengthMax);
  if (/\p{Cc}/u.test(text)) throw invalidField(field, "Enter text without control characters.");
  return text;
}

function parseDetails(details: object): NonNullable<ReportedDraft["details"]> {
  refuseFractions(details, "details");
  // JSON that holds no fraction is canonical in value; it is written in canonical form.
  const checked = details as { readonly [key: string]: CanonicalValue };
  const bytes = Buffer.byteLength(canonicalJson(checked), "utf8");
  if (bytes > detailsBytesMax) {
    throw invalidField("details", `Ensure this has at most ${detailsBytesMax} bytes of JSON (it has ${bytes}).`);
  }
  return checked;
}

/** The log's numbers are whole, so that every language prints the same digits. */
function refuseFractions(value: unknown, path: string): void {
  if (typeof value === "number" && !Number.isSafeInteger(value)) {
    const sentence = `${path} is ${value}: only whole numbers up to 2^53 are kept. Send it as text.`;
    throw new Refusal("invalid", sentence, { fields: { details: [sentence] } });
  }
  if (typeof value !== "object" || value === null) return;
  for (const [name, member] of Object.entries(value)) refuseFractions(member, `${path}.${name}`);
}

function refuseTooLong(text: string, field: string, lengthMax: number): void {
  if (text.length <= lengthMax) return;
  throw invalidField(field, `Ensure this value has at most ${lengthMax} characters (it has ${text.length}).`);
}
