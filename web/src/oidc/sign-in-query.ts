import { queryOptions } from "@tanstack/react-query";
import { type Answer, request } from "../api/request.ts";

/** How people sign in. */
export type SignIns = Answer<"GET /sign-in">;

/** Asks how people sign in: whether with passwords, and through which providers. */
export const signInQuery = queryOptions({
  queryKey: ["sign-in"],
  queryFn: ({ signal }) => request("GET /sign-in", { signal }),
  meta: { isLogin: true },
});
