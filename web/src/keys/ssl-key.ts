import { queryOptions } from "@tanstack/react-query";
import { type Item, request } from "../api/request.ts";

/** A certificate as the native API shows it. */
export type SslKey = Item<"GET /account/ssl-keys">;

/** One's own certificates. */
export const sslKeysQuery = queryOptions({
  queryKey: ["account", "ssl-keys"],
  queryFn: ({ signal }) => request("GET /account/ssl-keys", { signal }),
});

/** By its subject, or by its first characters where it has none. */
export function nameOf({ subject, key }: SslKey): string {
  if (subject !== "") return subject;
  return `${key.replace(/-----[^-]+-----|\s/g, "").slice(0, 20)}…`;
}
