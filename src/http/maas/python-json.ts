import assert from "node:assert/strict";

/**
 * JSON as Python's `json.dumps(value, indent=4, ensure_ascii=False)` prints it: no newline at the end. MAAS's answers
 * look so, and its command prints them byte for byte.
 *
 * Lone surrogates are escaped, where Python would fail to encode them. Known gap: numbers that are not integers print
 * as JavaScript prints them, which differs from Python below 0.0001 (`1e-5`, not `1e-05`), and a whole number never
 * shows as `1.0`.
 */
export function pythonJson(value: unknown): string {
  return json(value, 4);
}

/** The same on one line, with Python's default separators `", "` and `": "`. */
export function pythonJsonOneLine(value: unknown): string {
  // Inside strings JSON escapes newlines, so each one found here stands between two values.
  return json(value, 1).replaceAll(/(,?)\n */g, (_, comma: string) => (comma === "" ? "" : ", "));
}

function json(value: unknown, indent: number): string {
  // Typed as always a string, but undefined for undefined and functions.
  const text = JSON.stringify(value, null, indent) as string | undefined;
  assert(text !== undefined, "this value has no JSON");
  return text;
}
