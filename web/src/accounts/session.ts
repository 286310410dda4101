import { queryOptions } from "@tanstack/react-query";
import { kept } from "../api/base.ts";
import { type Answer, ApiProblem, request } from "../api/request.ts";
import { queryClient } from "../query-client.ts";

/** Who is logged in. */
export type User = Answer<"GET /session">;

/** Asks who is logged in; null for nobody. */
export const sessionQuery = queryOptions({
  queryKey: ["session"],
  queryFn: ({ signal }): Promise<User | null> => findSession(signal),
  staleTime: 60_000,
  meta: { isLogin: true },
});

async function findSession(signal: AbortSignal): Promise<User | null> {
  try {
    return await request("GET /session", { signal });
  } catch (error) {
    if (!(error instanceof ApiProblem) || error.status !== 401) throw error;
    lastReason = reasonOf(error);
    return null;
  }
}

/** Why somebody stands before the login page. */
export type LoginReason = "ended" | "password" | "logged-out";

let lastReason: LoginReason = "ended";

/** Why nobody is logged in, as the server said when it was asked last. */
export function whyNobody(): LoginReason {
  return lastReason;
}

/** What a 401 says of the session that is no more. */
export function reasonOf({ code }: ApiProblem): LoginReason {
  return code === "password_changed" ? "password" : "ended";
}

type Told =
  | { readonly kind: "ended"; readonly reason: LoginReason }
  | { readonly kind: "logged-in"; readonly username: string };

/** Tabs of one browser share the cookie, so what ends in one has ended in all. */
const tabs: BroadcastChannel | undefined =
  typeof BroadcastChannel === "undefined" ? undefined : new BroadcastChannel(kept("ironlog.session"));

let ending = false;

/** Forgets all that was read and says so to the other tabs; `go` shows the login page. */
export async function forgetSession(reason: LoginReason, go: (reason: LoginReason) => void): Promise<void> {
  if (ending) return;
  ending = true;
  try {
    await queryClient.cancelQueries();
    queryClient.clear();
    tabs?.postMessage({ kind: "ended", reason } satisfies Told);
    go(reason);
  } finally {
    ending = false;
  }
}

/** After a login: nothing that another user has read may be seen. */
export function beginSession(user: User): void {
  queryClient.clear();
  queryClient.setQueryData(sessionQuery.queryKey, user);
  tabs?.postMessage({ kind: "logged-in", username: user.username } satisfies Told);
}

/** Calls back when another tab has logged out, or has logged in as somebody else. */
export function subscribeToOtherTabs(act: (told: Told) => void): () => void {
  if (tabs === undefined) return () => {};
  const listen = ({ data: told }: MessageEvent<Told>): void => {
    const isSame =
      told.kind === "logged-in" && queryClient.getQueryData(sessionQuery.queryKey)?.username === told.username;
    if (isSame) return;
    queryClient.clear();
    act(told);
  };
  tabs.addEventListener("message", listen);
  return () => tabs.removeEventListener("message", listen);
}

/** Where somebody may be sent after the login: a path of these pages, never another site. */
export function safeRedirect(path: string | undefined): string {
  return path !== undefined && /^\/(?![/\\])/.test(path) && !path.startsWith("/login") ? path : "/";
}
