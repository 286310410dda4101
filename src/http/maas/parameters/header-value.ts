import { findPercentDecoded } from "../../request/text.ts";

/** A header such as `form-data; name="x"`. */
export interface HeaderValue {
  /** What stands before the first `;`, in lower case. */
  readonly value: string;
  /** By name, in lower case; a name without a value has the empty one. */
  readonly parameters: ReadonlyMap<string, string>;
}

/** In characters: more than any real Content-Type or Content-Disposition. */
const headerValueLengthMax = 8_192;

/**
 * Reads a header's value and parameters: tokens, quoted strings (where a backslash escapes a quote or a backslash and
 * is itself before anything else, as browsers write it) and RFC 2231's `name*=utf-8''n%C3%A9`, which Python sends for
 * what is not ASCII and which wins over the plain form. Undefined where it is malformed, gives a parameter twice, or
 * exceeds 8 KiB.
 */
export function findHeaderValue(text: string): HeaderValue | undefined {
  if (text.length > headerValueLengthMax) return undefined;
  const [value = ""] = text.split(";", 1);
  const plain = new Map<string, string>();
  const extended = new Map<string, string>();
  const parameter = /;\s*(?:([^=;\s"]+)\s*(?:=\s*("(?:[^"\\]|\\.)*"|[^;"]*))?)?\s*/y;
  parameter.lastIndex = value.length;
  while (parameter.lastIndex < text.length) {
    const match = parameter.exec(text);
    if (match === null) return undefined;
    const [, name, given = ""] = match;
    if (name === undefined) continue;
    const isExtended = name.endsWith("*");
    const kind = isExtended ? extended : plain;
    const key = name.toLowerCase().replace(/\*$/, "");
    const meant = isExtended ? findExtendedValue(given.trim()) : unquoted(given.trim());
    if (meant === undefined || kind.has(key)) return undefined;
    kind.set(key, meant);
  }
  return { value: value.trim().toLowerCase(), parameters: new Map([...plain, ...extended]) };
}

function unquoted(given: string): string {
  return given.startsWith('"') ? given.slice(1, -1).replaceAll(/\\(["\\])/g, "$1") : given;
}

function findExtendedValue(given: string): string | undefined {
  const [, encoded] = /^(?:utf-8|us-ascii)'[^']*'(.*)$/i.exec(given) ?? [];
  return encoded === undefined ? undefined : findPercentDecoded(encoded);
}
