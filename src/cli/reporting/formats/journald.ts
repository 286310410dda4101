import { rfc3339Micros } from "../../../time.ts";
import type { Reported } from "../reported.ts";
import { type JournalEntry, UnfitLine, type Written } from "./format.ts";
import { parseObject } from "./json.ts";
import { eventFrom } from "./program-message.ts";

/** Those that `readJournal` looks at; the journal is asked for no others. */
export const journalFields: readonly string[] = [
  "MESSAGE",
  "MESSAGE_ID",
  "PRIORITY",
  "SYSLOG_IDENTIFIER",
  "SYSLOG_PID",
  "_AUDIT_LOGINUID",
  "_COMM",
  "_EXE",
  "_HOSTNAME",
  "_PID",
  "_SYSTEMD_UNIT",
  "_TRANSPORT",
  "_UID",
];

/** `journald`: an entry of `journalctl -o json` on each line. */
export function readJournal(written: Written): Reported {
  const { fields, cursor, hostname, occurred } = written.entry ?? parseEntry(written.text);
  const field = (name: string): string | undefined => fields.get(name);
  const report = eventFrom({
    type: "JOURNAL",
    program: field("SYSLOG_IDENTIFIER") ?? field("_COMM"),
    text: field("MESSAGE") ?? "",
    severity: wholeNumber(field("PRIORITY")),
    occurred,
    hostname,
    details: {
      unit: field("_SYSTEMD_UNIT"),
      pid: field("_PID") ?? field("SYSLOG_PID"),
      uid: field("_UID"),
      login_uid: field("_AUDIT_LOGINUID"),
      executable: field("_EXE"),
      transport: field("_TRANSPORT"),
      message_id: field("MESSAGE_ID"),
    },
  });
  return cursor === undefined ? report : { ...report, key: cursor };
}

/** The entry that a line of `journalctl -o json` holds. Throws `UnfitLine`. */
export function parseEntry(line: string): JournalEntry {
  const given = parseObject(line);
  const fields = new Map(
    Object.entries(given).flatMap(([name, value]) => {
      const text = textOf(value);
      return text === undefined ? [] : [[name, text] as const];
    }),
  );
  const micros = wholeNumber(fields.get("__REALTIME_TIMESTAMP"));
  const cursor = fields.get("__CURSOR");
  if (cursor === undefined && micros === undefined) throw new UnfitLine("The line is no entry of the journal");
  return {
    fields,
    cursor,
    occurred: micros === undefined ? undefined : rfc3339Micros(micros),
    hostname: fields.get("_HOSTNAME"),
  };
}

/** A value as text: what isn't text there is a list of bytes, and several values are a list of those. */
function textOf(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  if (!Array.isArray(value) || value.length === 0) return undefined;
  const list: readonly unknown[] = value;
  if (list.every((one) => typeof one === "number")) return Buffer.from(list).toString("utf8");
  return textOf(list[0]);
}

function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,16}$/.test(text) ? Number(text) : undefined;
}
