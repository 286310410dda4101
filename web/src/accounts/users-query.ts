import { queryOptions } from "@tanstack/react-query";
import { type Item, request } from "../api/request.ts";
import { queryClient } from "../query-client.ts";
import { sessionQuery } from "./session.ts";

/** A user as administrators see one. */
export type ListedUser = Item<"GET /users">;

/** Everybody. */
export const usersQuery = queryOptions({
  queryKey: ["users"],
  queryFn: ({ signal }) => request("GET /users", { signal }),
});

/** One of them. */
export function userQuery(username: string) {
  return queryOptions({
    queryKey: ["users", username],
    queryFn: ({ signal }) => request("GET /users/{username}", { path: { username }, signal }),
  });
}

/** Somebody's API keys. */
export function userTokensQuery(username: string) {
  return queryOptions({
    queryKey: ["users", username, "tokens"],
    queryFn: ({ signal }) => request("GET /users/{username}/tokens", { path: { username }, signal }),
  });
}

/** Somebody's SSH keys. */
export function userSshKeysQuery(username: string) {
  return queryOptions({
    queryKey: ["users", username, "ssh-keys"],
    queryFn: ({ signal }) => request("GET /users/{username}/ssh-keys", { path: { username }, signal }),
  });
}

/** Somebody's sessions that are still good. */
export function userSessionsQuery(username: string) {
  return queryOptions({
    queryKey: ["users", username, "sessions"],
    queryFn: ({ signal }) => request("GET /users/{username}/sessions", { path: { username }, signal }),
  });
}

/** Reads again what a change of users may have changed: one's own rights are among it. */
export async function refreshUsers(): Promise<void> {
  await Promise.all([
    queryClient.invalidateQueries({ queryKey: usersQuery.queryKey }),
    queryClient.invalidateQueries({ queryKey: sessionQuery.queryKey }),
    queryClient.invalidateQueries({ queryKey: ["account"] }),
  ]);
}

/** `a`, `a and b`, `a, b and c`. */
export function joined(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}
