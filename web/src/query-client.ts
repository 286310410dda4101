import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { ApiProblem, Unreachable } from "./api/request.ts";

const retriesMax = 5;

let onSessionEnd: (error: ApiProblem) => void = () => {};

/** Says what happens when the server no longer knows the session. */
export function whenSessionEnds(act: (error: ApiProblem) => void): void {
  onSessionEnd = act;
}

function reportSessionEnd(error: unknown): void {
  if (error instanceof ApiProblem && error.status === 401) onSessionEnd(error);
}

/** Everything that the pages have read. */
export const queryClient: QueryClient = new QueryClient({
  queryCache: new QueryCache({
    // The login page asks too, and there a 401 is the expected answer.
    onError: (error, query) => query.meta?.["isLogin"] === true || reportSessionEnd(error),
  }),
  mutationCache: new MutationCache({
    onError: (error, _variables, _result, mutation) => mutation.meta?.["isLogin"] === true || reportSessionEnd(error),
  }),
  defaultOptions: {
    queries: {
      // What a browser thinks of its network says little of the server; a failure says so, and is told.
      networkMode: "always",
      staleTime: 10_000,
      // An outage passes; a refusal stays one.
      retry: (failures, error) =>
        failures < retriesMax &&
        (error instanceof Unreachable || (error instanceof ApiProblem && error.status === 503)),
      retryDelay: (failures) => Math.min(1_000 * 2 ** failures, 30_000),
    },
    mutations: { networkMode: "always" },
  },
});
