import { queryOptions } from "@tanstack/react-query";
import { type Item, request } from "../api/request.ts";
import { queryClient } from "../query-client.ts";
import { signInQuery } from "./sign-in-query.ts";

/** A sign-in provider as administrators see it. */
export type Provider = Item<"GET /oidc-providers">;

export const providersQuery = queryOptions({
  queryKey: ["oidc-providers"],
  queryFn: ({ signal }) => request("GET /oidc-providers", { signal }),
});

/** Reads providers, and what the login page offers, again. */
export async function refreshProviders(): Promise<void> {
  await queryClient.invalidateQueries({ queryKey: signInQuery.queryKey });
  await queryClient.invalidateQueries({ queryKey: providersQuery.queryKey });
}

/** Who comes in through it, in a word. */
export function accountsWords({ accounts }: Pick<Provider, "accounts">): string {
  return accounts === "create" ? "created" : "linked";
}
