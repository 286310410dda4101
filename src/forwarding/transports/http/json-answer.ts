import type { HttpAnswer } from "./http-client.ts";

/** The answer as JSON; undefined where it is something else. */
export function jsonOf({ body }: Pick<HttpAnswer, "body">): unknown {
  try {
    return JSON.parse(body.toString("utf8")) as unknown;
  } catch {
    return undefined;
  }
}

/** The member of that name; undefined where there is none. */
export function memberOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, name)
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
}
