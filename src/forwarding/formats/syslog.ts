import type { PlainEvent } from "../../database/event-columns.ts";
import { rfc3339Micros } from "../../time.ts";
import { cefLine, cutMarker } from "./cef.ts";
import { type EventParts, eventParts } from "./event-parts.ts";
import type { LogFacts } from "./log-facts.ts";
import { fitRecord, recordOf } from "./native-json.ts";
import { cutText, octetsOf, lineText } from "./line-text.ts";
import { gradeOf } from "./severity.ts";
import { structuredData } from "./syslog-elements.ts";

export interface SyslogOptions {
  readonly protocol: "rfc5424" | "rfc3164";
  readonly body: "structured" | "cef" | "json";
  /** 0 to 23; 13 is the log audit. */
  readonly facility: number;
  /** How many octets a record has at most. Every receiver takes 480 (RFC 5424, section 6.1), so less is taken for that. */
  readonly limit: number;
  /** By which the names in structured data are told from those of others. */
  readonly enterpriseNumber: number;
}

/** Every receiver must take so many octets. */
const limitMin = 480;

/**
 * An event as a record of syslog, without framing and without any line end. A record above the limit is cut, and says with the
 * event's id and leaf hash what was: it is never refused, and always well-formed.
 *
 * The times of RFC 3164 have no zone and no year: here they are UTC.
 */
export function syslogRecord(row: PlainEvent, facts: LogFacts, options: SyslogOptions): Buffer {
  const parts = eventParts(row, facts);
  const limit = Math.max(options.limit, limitMin);
  const head = headOf(parts, facts, options, limit);
  const room = limit - octetsOf(head);
  switch (options.body) {
    case "structured":
      return Buffer.from(head + structuredBody(parts, facts, options, room));
    // Neither has a byte order mark in front: what reads CEF or JSON doesn't expect one, and RFC 5424 asks for it only of text that is
    // declared to be UTF-8.
    case "cef":
      return Buffer.from(head + noData(options) + cefLine(row, facts, room - noData(options).length));
    case "json":
      return Buffer.from(head + noData(options) + jsonLine(parts, room - noData(options).length));
  }
}

function noData({ protocol }: SyslogOptions): string {
  return protocol === "rfc5424" ? "- " : "";
}

/** JSON lets some control characters stand as they are. In their place is what isn't longer. */
function jsonLine(parts: EventParts, octetsMax: number): string {
  return JSON.stringify(fitRecord(recordOf(parts), octetsMax)).replaceAll(/[\u007f-\u009f]/g, "?");
}

/** What stands in front of the structured data, or of the text in RFC 3164. */
function headOf(parts: EventParts, facts: LogFacts, options: SyslogOptions, limit: number): string {
  const { event, time } = parts;
  const priority = options.facility * 8 + gradeOf(event).syslog;
  const hostname = headerToken(facts.hostname, 255);
  // A short record has no room for a long name: its first part still says which server it is.
  const host = hostname.length <= limit / 8 ? hostname : (hostname.split(".")[0] ?? "").slice(0, 60) || "-";
  if (options.protocol === "rfc3164") return `<${priority}>${oldTime(time)} ${host} ironlog: `;
  return `<${priority}>1 ${rfc3339Micros(time)} ${host} ironlog - ${headerToken(event.action, 32)} `;
}

/** Printable ASCII without blanks; `-` stands for nothing. */
function headerToken(text: string, lengthMax: number): string {
  return text.replaceAll(/[^\x21-\x7e]/gu, "_").slice(0, lengthMax) || "-";
}

/** `Feb  1 22:28:18`, UTC. */
function oldTime(micros: number): string {
  const [, day = "", month = "", , time = ""] = new Date(Math.floor(micros / 1000)).toUTCString().split(" ");
  return `${month} ${day.replace(/^0/, " ")} ${time}`;
}

/** The byte order mark that says that text is UTF-8 (RFC 5424, section 6.4). */
const byteOrderMark = "\ufeff";

/** The structured data and the text. In RFC 3164 the first is a part of the text. */
function structuredBody(parts: EventParts, facts: LogFacts, options: SyslogOptions, room: number): string {
  const between = options.protocol === "rfc5424" ? ` ${byteOrderMark}` : " ";
  const message = lineText(parts.message);
  const marker = ` ${cutMarker(parts)}`;
  const whole = structuredData(parts, facts, options.enterpriseNumber, "all") + between + message;
  if (octetsOf(whole) <= room) return whole;
  for (const keep of ["all", 1024, 256, 64] as const) {
    const data = structuredData(parts, facts, options.enterpriseNumber, keep);
    const left = room - octetsOf(data + between + marker);
    // Data that leave nothing for the text are too long themselves.
    if (left >= Math.min(octetsOf(message), textOctetsMin)) return data + between + cutText(message, left) + marker;
  }
  const data = structuredData(parts, facts, options.enterpriseNumber, "least");
  return data + between + cutText(message, Math.max(room - octetsOf(data + between + marker), 0)) + marker;
}

/** So much of a text tells what happened. */
const textOctetsMin = 120;
