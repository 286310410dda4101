import type { Reported } from "../reported.ts";
import type { Details } from "./details.ts";
import type { Written } from "./format.ts";
import { eventFrom } from "./program-message.ts";

/** What stands in front of a message of syslog. */
export interface SyslogHeader {
  readonly severity: number | undefined;
  readonly facility: string | undefined;
  readonly occurred: string | undefined;
  readonly hostname: string | undefined;
  readonly program: string | undefined;
  readonly pid: string | undefined;
  readonly messageId: string | undefined;
  readonly structured: Details;
  /** The message behind it. */
  readonly text: string;
}

/** `syslog`: a message on each line, as RFC 5424 and RFC 3164 have them, and as files in /var/log have them without a priority. */
export function readSyslog({ text: line }: Written, nowMs: number): Reported {
  const { severity, facility, occurred, hostname, program, pid, messageId, structured, text } = parseSyslog(
    line,
    nowMs,
  );
  return eventFrom({
    type: "SYSLOG",
    program,
    text,
    severity,
    occurred,
    hostname,
    details: { facility, pid, message_id: messageId, structured_data: emptyOr(structured) },
  });
}

function emptyOr(details: Details): Details | undefined {
  return Object.keys(details).length === 0 ? undefined : details;
}

/** Takes a line apart. What is in no known form is a message as a whole, as RFC 3164 has it. */
export function parseSyslog(line: string, nowMs: number): SyslogHeader {
  const [, digits, rest = line] = /^<(\d{1,3})>([^]*)$/.exec(line) ?? [];
  const priority = digits === undefined || Number(digits) > 191 ? undefined : Number(digits);
  const known = {
    severity: priority === undefined ? undefined : priority % 8,
    facility: priority === undefined ? undefined : facilities[Math.floor(priority / 8)],
  };
  return { ...nothing, ...known, ...(parse5424(rest) ?? parse3164(rest, nowMs) ?? { text: rest }) };
}

const nothing = {
  occurred: undefined,
  hostname: undefined,
  program: undefined,
  pid: undefined,
  messageId: undefined,
  structured: {},
};

type Parsed = Partial<SyslogHeader> & { readonly text: string };

/** `1 TIME HOST PROGRAM PID ID [DATA] TEXT`. */
function parse5424(line: string): Parsed | undefined {
  const found = /^1 (\S+) (\S+) (\S+) (\S+) (\S+) ([^]*)$/.exec(line);
  if (found === null) return undefined;
  const [, time = "", host = "", program = "", pid = "", messageId = "", rest = ""] = found;
  if (time !== "-" && !isTime(time)) return undefined;
  const { structured, text } = takeStructured(rest);
  return {
    occurred: given(time),
    hostname: given(host),
    program: given(program),
    pid: given(pid),
    messageId: given(messageId),
    structured,
    text: text.replace(/^\ufeff/, ""),
  };
}

/** Elements such as `[id name="value"]`, in whose values `"`, `\` and `]` have a `\` in front. */
function takeStructured(rest: string): { readonly structured: Details; readonly text: string } {
  if (rest === "-" || rest.startsWith("- ")) return { structured: {}, text: rest.slice(2) };
  const element = /\[([^\s=\]"]+)((?: +[^\s=\]"]+="(?:[^"\\\]]|\\[^])*")*) *\]/y;
  const structured: Record<string, Details> = {};
  let end = 0;
  for (let found = element.exec(rest); found !== null; found = element.exec(rest)) {
    const [, id = "", pairs = ""] = found;
    structured[id] = Object.fromEntries(
      Array.from(pairs.matchAll(/ +([^\s=\]"]+)="((?:[^"\\\]]|\\[^])*)"/g), ([, name = "", value = ""]) => [
        name,
        value.replaceAll(/\\(["\\\]])/g, "$1"),
      ]),
    );
    end = element.lastIndex;
  }
  return { structured, text: rest.slice(end).replace(/^ /, "") };
}

/** `Nov 30 09:00:00 HOST PROGRAM[PID]: TEXT`, also with an RFC 3339 time, as rsyslog writes files. */
function parse3164(line: string, nowMs: number): Parsed | undefined {
  const found = /^(?:([A-Z][a-z]{2}) +(\d{1,2}) (\d\d:\d\d:\d\d)|(\d{4}-\d\d-\d\dT\S+)) (\S+) ([^]*)$/.exec(line);
  if (found === null) return undefined;
  const [, month = "", day = "", clock = "", time, host = "", rest = ""] = found;
  if (time !== undefined && !isTime(time)) return undefined;
  const [, program, pid, text = rest] = /^([^\s:[\]]{1,64})(?:\[([^\]\s]{1,64})\])?: ?([^]*)$/.exec(rest) ?? [];
  return { occurred: time ?? yearless(month, day, clock, nowMs), hostname: given(host), program, pid, text };
}

/** A time without year and zone: this machine's zone, and the year in which it isn't far ahead. */
function yearless(month: string, day: string, clock: string, nowMs: number): string | undefined {
  const year = new Date(nowMs).getFullYear();
  const times = [year, year - 1].map((one) => Date.parse(`${month} ${day} ${one} ${clock}`));
  const past = times.find((time) => time <= nowMs + dayMs);
  return past === undefined ? undefined : new Date(past).toISOString();
}

const dayMs = 86_400_000;

function isTime(text: string): boolean {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/.test(text) && !Number.isNaN(Date.parse(text));
}

/** `-` stands for nothing. */
function given(text: string): string | undefined {
  return text === "-" ? undefined : text;
}

const facilities = [
  "kern",
  "user",
  "mail",
  "daemon",
  "auth",
  "syslog",
  "lpr",
  "news",
  "uucp",
  "cron",
  "authpriv",
  "ftp",
  "ntp",
  "security",
  "console",
  "clock",
  ...Array.from({ length: 8 }, (_, number) => `local${number}`),
];
