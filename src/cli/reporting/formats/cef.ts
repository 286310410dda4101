import { actionFrom, descriptionFrom, findName, typeFrom } from "../../../reported/other-words.ts";
import type { Reported } from "../reported.ts";
import { fitDetails } from "./details.ts";
import { UnfitLine, type Written } from "./format.ts";
import { dashed } from "./program-message.ts";
import { parseSyslog } from "./syslog.ts";

/** `cef`: an event in ArcSight's Common Event Format on each line, also behind a header of syslog. */
export function readCef({ text: line }: Written, nowMs: number): Reported {
  const start = line.search(/CEF: ?\d/);
  if (start < 0) throw new UnfitLine("The line has no 'CEF:' in it");
  const [, vendor = "", product = "", version = "", signature = "", name = "", severity = "", rest] = splitHeader(
    line.slice(start),
  );
  if (rest === undefined) throw new UnfitLine("The line has less than the seven fields of CEF, with '|' between them");
  const { occurred, hostname } = parseSyslog(`${line.slice(0, start).trimEnd()} `, nowMs);
  const extension = parseExtension(rest);
  const text = [unescapeHeader(name), extension.get("msg")].filter(Boolean).join(": ");
  const username = findName(extension.get("suser") ?? extension.get("duser"));
  const host = findName(extension.get("dvchost") ?? hostname ?? extension.get("dhost"));
  const time = timeIn(extension) ?? occurred;
  const target = findName(extension.get("fname") ?? extension.get("duser") ?? extension.get("dhost"));
  const details = fitDetails({
    vendor: unescapeHeader(vendor),
    product: unescapeHeader(product),
    version: unescapeHeader(version),
    signature: unescapeHeader(signature),
    severity,
    extension: Object.fromEntries(extension),
  });
  return {
    level: levelOf(severity),
    type: typeFrom(`CEF ${unescapeHeader(product)}`),
    action: actionFrom(["cef", ...[vendor, product, signature].map((word) => dashed(unescapeHeader(word)))].join(".")),
    description: descriptionFrom(text) || "(no text)",
    outcome: hasFailed(extension) ? "failure" : "success",
    ...(time !== undefined && { occurred: time }),
    ...(username !== undefined && { username }),
    ...(host !== undefined && { hostname: host }),
    ...(target !== undefined && { target: { name: target } }),
    ...(details !== undefined && { details }),
  };
}

/** The seven fields and the extension; a `|` in a field has a `\` in front. */
function splitHeader(text: string): readonly string[] {
  const fields: string[] = [];
  const field = /((?:[^\\|]|\\[^])*)\|/y;
  while (fields.length < 7) {
    const found = field.exec(text);
    if (found === null) return fields;
    fields.push(found[1] ?? "");
  }
  return [...fields, text.slice(fields.reduce((sum, { length }) => sum + length + 1, 0))];
}

function unescapeHeader(text: string): string {
  return text.replaceAll(/\\([\\|])/g, "$1").trim();
}

/** `key=value key=value`: values may have blanks, and a `\` in front of `=` and `\`; `\n` and `\r` are ends of lines. */
function parseExtension(text: string): ReadonlyMap<string, string> {
  const keys = [...text.matchAll(/(?:^|(?<=\s))([\w.[\]-]+)=/g)];
  return new Map(
    keys.map((found, at) => {
      const end = keys[at + 1]?.index ?? text.length;
      const value = text.slice(found.index + found[0].length, end).trim();
      return [found[1] ?? "", value.replaceAll(/\\([=\\|nr])/g, (_, sign: string) => lineEnds[sign] ?? sign)] as const;
    }),
  );
}

const lineEnds: Readonly<Record<string, string>> = { n: "\n", r: "\n" };

/** When it happened: milliseconds since 1970, or `Nov 30 2026 09:00:00` with or without a zone. */
function timeIn(extension: ReadonlyMap<string, string>): string | undefined {
  const text = extension.get("rt") ?? extension.get("end") ?? extension.get("start");
  if (text === undefined) return undefined;
  const ms = /^\d{10,14}$/.test(text) ? Number(text) : Date.parse(text);
  return Number.isNaN(ms) || ms < 0 ? undefined : new Date(ms).toISOString();
}

function levelOf(severity: string): string {
  const number = Number(severity);
  if (severity.trim() !== "" && !Number.isNaN(number)) {
    return number >= 9 ? "CRITICAL" : number >= 7 ? "ERROR" : number >= 4 ? "WARNING" : "INFO";
  }
  return levels[severity.trim().toLowerCase()] ?? "INFO";
}

const levels: Readonly<Record<string, string>> = { medium: "WARNING", high: "ERROR", "very-high": "CRITICAL" };

function hasFailed(extension: ReadonlyMap<string, string>): boolean {
  return /fail|denied|error|reject/i.test(extension.get("outcome") ?? extension.get("categoryOutcome") ?? "");
}
