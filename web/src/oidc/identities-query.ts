import { queryOptions } from "@tanstack/react-query";
import { request } from "../api/request.ts";

/** Who somebody is at sign-in providers. */
export const identitiesQuery = queryOptions({
  queryKey: ["identities"],
  queryFn: ({ signal }) => request("GET /account/identities", { signal }),
});
