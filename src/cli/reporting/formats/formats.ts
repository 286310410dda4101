import { readCef } from "./cef.ts";
import type { Format } from "./format.ts";
import { readJournal } from "./journald.ts";
import { readJson } from "./json.ts";
import { maasSecurity } from "./maas-security.ts";
import { readSyslog } from "./syslog.ts";

/** What `--format` takes. A format may remember earlier lines, so each run makes its own. */
export const formats = {
  json: () => readJson,
  journald: () => readJournal,
  syslog: () => (written) => readSyslog(written, Date.now()),
  cef: () => (written) => readCef(written, Date.now()),
  "maas-security": maasSecurity,
} as const satisfies Readonly<Record<string, () => Format>>;

type FormatName = keyof typeof formats;

export const formatNames = Object.keys(formats);

export function isFormat(name: string): name is FormatName {
  return Object.hasOwn(formats, name);
}
