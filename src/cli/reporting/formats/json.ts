import type { Reported } from "../reported.ts";
import { UnfitLine, type Written } from "./format.ts";

/** `json`: an event in Ironlog's own words on each line. The server checks its members. */
export function readJson({ text }: Written): Reported {
  const report = parseObject(text);
  refuseNumbers(report);
  return report as unknown as Reported;
}

/**
 * Throws `UnfitLine` for a number that the log can't keep, as the server does. It can't be left to the server: 1e400 is Infinity here, and
 * JSON writes that as null. Lines may nest deeper than the stack.
 */
function refuseNumbers(report: object): void {
  const open: unknown[] = [report];
  while (open.length > 0) {
    const value = open.pop();
    if (typeof value === "number" && !Number.isSafeInteger(value)) {
      throw new UnfitLine(`The line has the number ${value}: only whole numbers up to 2^53 are kept. Send it as text`);
    }
    if (typeof value === "object" && value !== null) for (const member of Object.values(value)) open.push(member);
  }
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
