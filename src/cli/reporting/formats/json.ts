import type { Reported } from "../reported.ts";
import { UnfitLine, type Written } from "./format.ts";

/** `json`: an event in Ironlog's own words on each line. The server checks its members. */
export function readJson({ text }: Written): Reported {
  return parseObject(text) as unknown as Reported;
}

/** The JSON object of a line. Throws `UnfitLine` where it is none. */
export function parseObject(line: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new UnfitLine("The line is not JSON");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new UnfitLine("The line is no JSON object");
  }
  return { ...value };
}
