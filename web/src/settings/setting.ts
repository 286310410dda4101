import { queryOptions } from "@tanstack/react-query";
import { type Item, request } from "../api/request.ts";

/** A setting as the native API shows it. */
export type Setting = Item<"GET /settings">;

/** All settings. */
export const settingsQuery = queryOptions({
  queryKey: ["settings"],
  queryFn: ({ signal }) => request("GET /settings", { signal }),
});

/** What a control of a form holds: a secret's is undefined until it is to be replaced. */
export type Typed = string | boolean | undefined;

/** What the control of a setting holds at first. */
export function typedOf({ value, kind, is_secret }: Setting): Typed {
  if (is_secret) return undefined;
  if (kind === "boolean") return value === true;
  return value === null ? "" : String(value);
}
