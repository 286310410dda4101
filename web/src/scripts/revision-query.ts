import { queryOptions } from "@tanstack/react-query";
import { request } from "../api/request.ts";

/**
 * The text of one version. It never changes and its number is never given again, so that it is no part of what is read anew
 * after a change: a version that a change has taken away would be asked for once more.
 */
export function revisionQuery(name: string, id: number) {
  return queryOptions({
    queryKey: ["script revision", name, id],
    queryFn: ({ signal }) => request("GET /scripts/{name}/revisions/{id}", { path: { name, id }, signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
}
