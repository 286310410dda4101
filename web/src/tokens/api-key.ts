import { queryOptions } from "@tanstack/react-query";
import { type Item, request } from "../api/request.ts";

/** An API key as it is listed: without its secret. */
export type ApiKey = Item<"GET /account/tokens">;

/** What a key may be kept to. */
export type Scope = NonNullable<ApiKey["scopes"]>[number];

/** What each scope allows, as the rest of "It may …". */
export const scopeWords: Readonly<Record<Scope, string>> = {
  "events:read": "read events",
  "events:write": "report events",
  audit: "read what auditors read",
  admin: "everything you may",
};

/** One's own API keys. */
export const apiKeysQuery = queryOptions({
  queryKey: ["account", "tokens"],
  queryFn: ({ signal }) => request("GET /account/tokens", { signal }),
});
