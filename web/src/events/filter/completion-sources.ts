import { useMemo } from "react";
import { useQuery } from "@tanstack/react-query";
import { readsAll } from "../../accounts/role.tsx";
import { sessionQuery } from "../../accounts/session.ts";
import { actionNames } from "../../api/operations.ts";
import { request } from "../../api/request.ts";
import { sourcesQuery } from "../../mirroring/source.ts";
import type { CompletionSources } from "./filter-completion.ts";
import { recentFilters } from "./recent-filters.ts";

const freshMs = 60_000;

/** What the filter's values are completed from. Users get their own name only, and the nodes that they may see. */
export function useCompletionSources(): {
  readonly sources: CompletionSources;
  readonly hostnames: ReadonlyMap<string, string>;
} {
  const { data: user } = useQuery(sessionQuery);
  const { data: users } = useQuery({
    queryKey: ["users"],
    queryFn: ({ signal }) => request("GET /users", { signal }),
    enabled: readsAll(user),
    staleTime: freshMs,
  });
  const { data: nodes } = useQuery({
    queryKey: ["nodes"],
    queryFn: ({ signal }) => request("GET /nodes", { signal }),
    enabled: user?.realm === null,
    staleTime: freshMs,
  });
  const { data: mirrored } = useQuery({ ...sourcesQuery, enabled: readsAll(user), staleTime: freshMs });
  return useMemo(() => {
    const own = user == null ? [] : [user.username];
    const found = nodes?.items ?? [];
    return {
      sources: {
        actions: actionNames,
        users: users?.items.map(({ username }) => username) ?? own,
        nodes: found,
        mirrored: mirrored?.items.map(({ name }) => name) ?? [],
        get recent() {
          return recentFilters();
        },
      },
      hostnames: new Map(found.map(({ system_id, hostname }) => [system_id, hostname])),
    };
  }, [user, users, nodes, mirrored]);
}
