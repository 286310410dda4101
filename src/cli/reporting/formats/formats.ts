import type { Format } from "./format.ts";
import { readJson } from "./json.ts";

/** What `--format` takes. A format may remember earlier lines, so each run makes its own. */
export const formats = {
  json: () => readJson,
} as const satisfies Readonly<Record<string, () => Format>>;

export type FormatName = keyof typeof formats;

export function isFormat(name: string): name is FormatName {
  return Object.hasOwn(formats, name);
}
