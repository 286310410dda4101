import assert from "node:assert/strict";

/** What the log's bytes are made of: no fractions, so that every language prints the same digits. */
export type CanonicalValue =
  | null
  | boolean
  | number
  | string
  | readonly CanonicalValue[]
  | { readonly [key: string]: CanonicalValue | undefined };

/**
 * RFC 8785 canonical JSON of `value`: members sorted by UTF-16 code units, no white space. Absent members are left out.
 *
 * Numbers must be safe integers and strings well-formed Unicode: the caller's parsing has seen to that.
 */
export function canonicalJson(value: CanonicalValue): string {
  if (typeof value === "number") {
    assert(Number.isSafeInteger(value), `canonical JSON holds whole numbers only, not ${value}`);
    return Object.is(value, -0) ? "0" : String(value);
  }
  if (typeof value === "string") {
    assert(value.isWellFormed(), "canonical JSON holds well-formed Unicode only");
    // RFC 8785 section 3.2.2.2 takes ECMAScript's own escapes as its rule.
    return JSON.stringify(value);
  }
  if (value === null || typeof value === "boolean") return String(value);
  if (isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  const members: string[] = [];
  // The default order of sort() is by UTF-16 code units, as section 3.2.3 asks.
  for (const key of Object.keys(value).sort()) {
    const member = value[key];
    if (member !== undefined) members.push(`${canonicalJson(key)}:${canonicalJson(member)}`);
  }
  return `{${members.join(",")}}`;
}

/** `Array.isArray` forgets that an array may be read-only. */
function isArray(value: CanonicalValue): value is readonly CanonicalValue[] {
  return Array.isArray(value);
}
